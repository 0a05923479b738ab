import { perMille } from '../format/numbers.ts';

/** One slice, in turns clockwise from twelve o'clock, `from` ≤ `to`, both in [0, 1]. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** The slices of a pie in the order of `parts`. Negative parts count as nothing; all slices are empty when all parts are. */
export function slicesOf(parts: readonly bigint[]): readonly Slice[] {
  const positive = parts.map((part) => (part > 0n ? part : 0n));
  const whole = positive.reduce((sum, part) => sum + part, 0n);
  let eaten = 0n;
  return positive.map((part) => {
    const from = perMille(eaten, whole) / 1000;
    eaten += part;
    return { from, to: perMille(eaten, whole) / 1000 };
  });
}

/** SVG path of a ring's slice around (0, 0). A whole turn is two half ones: an arc cannot end where it starts. */
export function ringPath(slice: Slice, outer: number, inner: number): string {
  if (slice.to - slice.from >= 0.9995) {
    return `${ringPath({ from: 0, to: 0.5 }, outer, inner)} ${ringPath({ from: 0.5, to: 1 }, outer, inner)}`;
  }
  const large = slice.to - slice.from > 0.5 ? 1 : 0;
  const start = `M${point(slice.from, outer)}A${outer} ${outer} 0 ${large} 1 ${point(slice.to, outer)}`;
  return `${start}L${point(slice.to, inner)}A${inner} ${inner} 0 ${large} 0 ${point(slice.from, inner)}Z`;
}

function point(turns: number, radius: number): string {
  const angle = 2 * Math.PI * (turns - 0.25);
  return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
}
