import { expect } from 'vitest';
import type { AgreementRow } from '../machine/agreement.ts';

const HONEST_DECIBEL = 130;
/** Drawn weights make a layer's rounding larger than trained ones do. */
const DRAWN_DECIBEL = 118;

/** Honest rows of both models are above what is promised, each cheaper model below its gate. */
export function expectSeparated(rows: readonly AgreementRow[]): void {
  expect(rows.map(({ model }) => model)).toEqual(['image.upscale', 'drawn sound']);
  for (const { model, gateDecibel, honestDecibel, cheatDecibel } of rows) {
    expect(gateDecibel).toBe(110);
    expect(honestDecibel).toBeGreaterThan(model === 'drawn sound' ? DRAWN_DECIBEL : HONEST_DECIBEL);
    expect(Object.keys(cheatDecibel)).toEqual(['fp16', 'int8', 'bf16', 'pruned']);
    for (const decibel of Object.values(cheatDecibel)) expect(decibel).toBeLessThan(gateDecibel);
  }
}
