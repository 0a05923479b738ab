/** Parts in a thousand of a whole, 0…1000, from amounts too large for a Number. For drawing, not for paying. */
export function perMille(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0;
  return Number((part * 1000n) / whole);
}

/** Speed of sound in air at 20 °C, metres per millisecond (ISO 9613-1: 343.2 m/s). */
const SOUND_METRES_PER_MS = 0.3432;

/** How far sound travels in air in that time, in metres: what a delay feels like to somebody who has stood on a stage. */
export function stageMetres(delayMs: number): number {
  return delayMs * SOUND_METRES_PER_MS;
}

/** First and last characters of a long identifier, whole when it is short. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
