/** `1234567.5` as `1,234,567.5`: groups the digits before the point of a plain decimal text. */
export function groupThousands(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Part of a whole as `3.4 %`; one decimal below ten, none above; a part that is there never shows as 0. */
export function percentText(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Parts in a thousand of a whole, 0…1000, from amounts too large for a Number. For drawing, not for paying. */
export function perMille(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0;
  return Number((part * 1000n) / whole);
}

/** Milliseconds with one decimal below 100, none above. */
export function millisecondsText(ms: number): string {
  return ms < 100 ? ms.toFixed(1) : String(Math.round(ms));
}

/** Speed of sound in air at 20 °C, metres per millisecond (ISO 9613-1: 343.2 m/s). */
const SOUND_METRES_PER_MS = 0.3432;

/** How far sound travels in air in that time: what a delay feels like to somebody who has stood on a stage. */
export function stageMetresText(delayMs: number): string {
  return (delayMs * SOUND_METRES_PER_MS).toFixed(1);
}

/** First and last characters of a long identifier, whole when it is short. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
