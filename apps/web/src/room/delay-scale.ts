/** Ticks of the delay scale. It is finer where playing together is easy or hard, and ends where it is hopeless. */
export const DELAY_SCALE_MS: readonly number[] = [0, 10, 20, 30, 50, 100];

/** Place of a delay on the scale in percent, 0…100: straight between ticks, which stand at equal distances. */
export function scalePercent(delayMs: number): number {
  const steps = DELAY_SCALE_MS.length - 1;
  for (let step = 0; step < steps; step++) {
    const from = DELAY_SCALE_MS[step] ?? 0;
    const to = DELAY_SCALE_MS[step + 1] ?? 0;
    if (delayMs <= to) return (100 * (step + Math.max(0, delayMs - from) / (to - from))) / steps;
  }
  return 100;
}
