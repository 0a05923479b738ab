import { INSTRUMENTS, instrumentOfCell, STEPS_PER_BAR, stepOfCell } from '../instruments.ts';
import { clamp } from '../integers.ts';
import type { CellProfile, GrooveProfile } from './groove-profile.ts';

const COLUMN = 48;
const ROW = 44;
const LEFT = 120;
const TOP = 56;
/** What half a column stands for, µs: wider than nearly all means of a human drummer. */
const HALF_COLUMN_US = 40_000;

/**
 * A profile as a picture: a row for each instrument, a column for each sixteenth. A stroke left of its line is pushed, right of it
 * laid back; its size is its velocity, the bar through it how far single strokes lie from their mean. Readable in light and dark.
 */
export function profileSvg(profile: GrooveProfile, title: string): string {
  const rows = [...new Set(profile.cells.map(({ cell }) => instrumentOfCell(cell)))].sort((a, b) => a - b);
  const [width, height] = [LEFT + STEPS_PER_BAR * COLUMN + 16, TOP + rows.length * ROW + 40];
  const lines = Array.from({ length: STEPS_PER_BAR }, (_, step) => stepLine(step, rows.length));
  const names = rows.map(
    (instrument, row) =>
      `<text x="${LEFT - 32}" y="${centreY(row) + 4}" text-anchor="end">${INSTRUMENTS[instrument] ?? ''}</text>`,
  );
  const strokes = profile.cells.map((one) => stroke(one, rows.indexOf(instrumentOfCell(one.cell))));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title what">
<title id="title">${escaped(title)}</title>
<desc id="what">Mean timing and velocity of each drum on each sixteenth over ${profile.bars} bars.</desc>
<style>
svg { background: #fff; color: #1b1b1f; font: 13px system-ui, sans-serif; }
text { fill: currentColor; } line { stroke: currentColor; } .beat { stroke-opacity: .55; } .step { stroke-opacity: .18; }
.stroke { fill: #0b6e99; fill-opacity: .8; } .spread { stroke-width: 1.5; stroke-opacity: .8; }
@media (prefers-color-scheme: dark) { svg { background: #17171b; color: #ececf1; } .stroke { fill: #3c9cc4; } }
</style>
<text x="16" y="24" font-size="16">${escaped(title)}</text>
${[...lines, ...names, ...strokes].join('\n')}
<text x="16" y="${height - 12}">half a column is ${HALF_COLUMN_US / 1000} ms; left of the line early, right late; size is velocity</text>
</svg>
`;
}

function stepLine(step: number, rows: number): string {
  const x = LEFT + step * COLUMN;
  const kind = step % 4 === 0 ? 'beat' : 'step';
  const number =
    step % 4 === 0 ? `<text x="${x}" y="${TOP - 8}" text-anchor="middle">${step / 4 + 1}</text>` : '';
  return `<line class="${kind}" x1="${x}" x2="${x}" y1="${TOP}" y2="${TOP + rows * ROW}"/>${number}`;
}

function stroke({ cell, count, offsetUs, spreadUs, velocity }: CellProfile, row: number): string {
  const distance = (us: number): number =>
    (clamp(us, -HALF_COLUMN_US, HALF_COLUMN_US) * COLUMN) / (2 * HALF_COLUMN_US);
  const [x, y] = [LEFT + stepOfCell(cell) * COLUMN + distance(offsetUs), centreY(row)];
  const told = `${(offsetUs / 1000).toFixed(1)} ms ± ${(spreadUs / 1000).toFixed(1)}, velocity ${velocity}, ${count} strokes`;
  const reach = distance(spreadUs);
  return `<g><title>${told}</title><circle class="stroke" cx="${x.toFixed(1)}" cy="${y}" r="${(3 + (velocity * 9) / 127).toFixed(1)}"/><line class="spread" x1="${(x - reach).toFixed(1)}" x2="${(x + reach).toFixed(1)}" y1="${y}" y2="${y}"/></g>`;
}

function centreY(row: number): number {
  return TOP + row * ROW + ROW / 2;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
