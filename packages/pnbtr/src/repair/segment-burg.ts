import { assert } from '@jamnet/base';
import { DAMPING, FULLY_PREDICTED } from '../kernel/kernel.ts';

export interface Segment {
  readonly start: number;
  readonly end: number;
}

/**
 * Burg's method over several stretches of one signal at once (sums of all stretches in each reflection coefficient),
 * so that a model can be fitted to what lies on both sides of a hole. Float64, deterministic.
 */
export function segmentBurg(signal: Float64Array, segments: readonly Segment[], order: number): Float64Array {
  const parts = segments.map((segment) => ({
    forward: signal.slice(segment.start, segment.end),
    backward: signal.slice(segment.start, segment.end),
  }));
  let energy = 0;
  for (const { forward } of parts) for (let n = 0; n < forward.length; n++) energy += (forward[n] ?? 0) ** 2;
  assert(Number.isFinite(energy), 'a finite signal');
  const a = new Float64Array(order + 1);
  const previous = new Float64Array(order + 1);
  a[0] = 1;
  for (let m = 1; m <= order; m++) {
    const k = reflection(parts, m, energy);
    if (k === 0) break;
    previous.set(a);
    for (let i = 1; i <= m; i++) a[i] = (previous[i] ?? 0) + k * (previous[m - i] ?? 0);
    for (const part of parts) advance(part, m, k);
  }
  return a;
}

interface Errors {
  readonly forward: Float64Array;
  readonly backward: Float64Array;
}

function reflection(parts: readonly Errors[], m: number, energy: number): number {
  let cross = 0;
  let power = 0;
  for (const { forward, backward } of parts) {
    for (let n = m; n < forward.length; n++) {
      const f = forward[n] ?? 0;
      const b = backward[n - 1] ?? 0;
      cross += f * b;
      power += f * f + b * b;
    }
  }
  return power > 2 * FULLY_PREDICTED * energy ? (-2 * cross) / (power * (1 + DAMPING)) : 0;
}

function advance(part: Errors, m: number, k: number): void {
  const { forward, backward } = part;
  for (let n = forward.length - 1; n >= m; n--) {
    const f = forward[n] ?? 0;
    const b = backward[n - 1] ?? 0;
    forward[n] = f + k * b;
    backward[n] = b + k * f;
  }
}
