import { expect, test } from 'vitest';
import { ProgressBars, type ProgressLine } from './progress-bar.ts';

const line = (change: Partial<ProgressLine>): ProgressLine => ({
  title: 'Play',
  state: 'running',
  progress: 0,
  detail: '',
  ...change,
});

function drawn(isTTY: boolean): string {
  let text = '';
  let clock = 1000;
  const bars = new ProgressBars({ isTTY, columns: 80, write: (part) => (text += part) }, () => clock);
  bars.show(line({}), 0, 2);
  bars.show(line({ progress: 0.5, detail: 'half' }), 0, 2);
  clock += 1500;
  bars.show(line({ state: 'done', progress: 1, detail: '20 s' }), 0, 2);
  return text;
}

test('a terminal sees one line redrawn in place', () => {
  const text = drawn(true);
  expect(text.match(/\r/g)).toHaveLength(3);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(text).toContain(`${'█'.repeat(12)}${'░'.repeat(12)}  50 %`);
});

test('a log gets one line at the start of a step and one at its end', () => {
  expect(drawn(false)).toBe('[1/2] Play …\n[1/2] Play: done after 1.5 s, 20 s\n');
});
