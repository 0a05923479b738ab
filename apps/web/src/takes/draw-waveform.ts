import type { Fate } from '../api/state.ts';
import type { Board } from '../look/use-canvas.ts';
import type { Gap } from './spans.ts';
import { columnsOfPeaks, fateOfColumns, gapStretch, loudest } from './waveform-geometry.ts';

export const WAVE_HEIGHT = 132;
export const LANE_HEIGHT = 16;

/** The whole take: its wave, gaps shaded in it, and below it one lane per fate, so that colour is not the only sign. */
export function drawOverview(
  board: Board,
  peaks: readonly number[],
  gaps: readonly Gap[],
  lanes: readonly Fate[],
  seconds: number,
): void {
  drawLanes(board, gaps, lanes, seconds);
  const { pen, width, palette } = board;
  const middle = WAVE_HEIGHT / 2;
  pen.fillStyle = palette.rule;
  pen.fillRect(0, middle - 0.5, width, 1);
  const columns = columnsOfPeaks(peaks, width);
  const scale = (middle - 4) / loudest(columns);
  const fates = fateOfColumns(gaps, seconds, width);
  for (let x = 0; x < width; x++) {
    const low = (columns[2 * x] ?? 0) * scale;
    const high = (columns[2 * x + 1] ?? 0) * scale;
    const fate = fates[x] ?? null;
    pen.fillStyle = fate === null ? palette.ink : palette[fate];
    pen.fillRect(x, middle - high, 1, Math.max(1, high - low));
  }
}

function drawLanes(
  { pen, width, palette }: Board,
  gaps: readonly Gap[],
  lanes: readonly Fate[],
  seconds: number,
): void {
  lanes.forEach((fate, lane) => {
    const top = WAVE_HEIGHT + lane * LANE_HEIGHT;
    pen.fillStyle = palette.rule;
    pen.fillRect(0, top + LANE_HEIGHT / 2, width, 1);
    pen.fillStyle = palette[fate];
    for (const gap of gaps) {
      if (gap.fate !== fate) continue;
      const stretch = gapStretch(gap, 0, seconds, width);
      if (stretch === null) continue;
      pen.globalAlpha = 1;
      pen.fillRect(stretch.x, top + 3, stretch.width, LANE_HEIGHT - 5);
      // What redundancy gave back exactly needs no mark in the wave: there is nothing to hear.
      if (fate === 'recovered') continue;
      pen.globalAlpha = 0.28;
      pen.fillRect(stretch.x, 0, stretch.width, WAVE_HEIGHT);
    }
    pen.globalAlpha = 1;
  });
}

export interface CloseUp {
  /** Samples as they were sent, or `null` when that version is not there. */
  readonly sent: Float32Array | null;
  readonly chosen: Float32Array | null;
  readonly sampleRateHz: number;
  readonly gaps: readonly Gap[];
  readonly from: number;
  readonly to: number;
}

/** A few milliseconds, sample by sample: as sent drawn broad, the chosen version in ink over it: where they agree, one covers the other. */
export function drawCloseUp(board: Board, view: CloseUp): void {
  const { pen, width, height, palette } = board;
  for (const gap of view.gaps) {
    const stretch = gapStretch(gap, view.from, view.to, width);
    if (stretch === null) continue;
    pen.fillStyle = palette[gap.fate];
    pen.globalAlpha = 0.2;
    pen.fillRect(stretch.x, 0, stretch.width, height);
    pen.globalAlpha = 1;
    pen.fillRect(stretch.x, 0, stretch.width, 4);
  }
  pen.fillStyle = palette.rule;
  pen.fillRect(0, height / 2 - 0.5, width, 1);
  const gain = closeUpGain(view);
  if (view.sent !== null) drawTrace(board, view, view.sent, gain, palette.repaired, 3);
  if (view.chosen !== null) drawTrace(board, view, view.chosen, gain, palette.ink, 1.4);
}

/** Both traces share one scale, so that a repair that is too quiet looks too quiet. */
function closeUpGain(view: CloseUp): number {
  const first = Math.floor(view.from * view.sampleRateHz);
  const last = Math.ceil(view.to * view.sampleRateHz);
  const traces = [view.sent, view.chosen].filter((trace) => trace !== null);
  return 1 / Math.max(...traces.map((trace) => loudest(trace.subarray(first, last))), 0.05);
}

function drawTrace(
  board: Board,
  view: CloseUp,
  samples: Float32Array,
  gain: number,
  colour: string,
  thick: number,
): void {
  const { pen, width, height } = board;
  const first = Math.max(0, Math.floor(view.from * view.sampleRateHz));
  const last = Math.min(samples.length, Math.ceil(view.to * view.sampleRateHz));
  const scale = width / ((view.to - view.from) * view.sampleRateHz);
  pen.beginPath();
  for (let index = first; index < last; index++) {
    const x = (index - view.from * view.sampleRateHz) * scale;
    const y = height / 2 - (samples[index] ?? 0) * gain * (height / 2 - 8);
    if (index === first) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = 'round';
  pen.stroke();
}
