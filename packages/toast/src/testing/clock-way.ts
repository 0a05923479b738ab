import { seededChance } from '@jamnet/base';
import { ClockSync } from '../clock-sync.ts';

export interface ClockWay {
  readonly seed: string;
  /** Each way takes from `leastUs` to `leastUs` + `jitterUs`, uniform. */
  readonly leastUs: number;
  readonly jitterUs: number;
  /** How much faster than the room's our clock runs. */
  readonly ppm: number;
  readonly seconds: number;
  /** What happens from the middle on: both ways longer, or the room's clock set. */
  readonly longerUs?: number;
  readonly setUs?: number;
}

/** What a peer that asks 24 times every 15 ms, then every 150 ms, has wrong after each answer, µs: `atUs` since it joined. */
export function clockErrors(way: ClockWay): { readonly atUs: number; readonly errorUs: number }[] {
  const { leastUs, jitterUs, ppm, seconds, longerUs = 0, setUs = 0 } = way;
  const chance = seededChance(way.seed);
  const aheadUs = chance.below(2_000_000) - 1_000_000;
  const clock = new ClockSync();
  const errors: { atUs: number; errorUs: number }[] = [];
  let atUs = 0;
  for (let asked = 0; atUs < seconds * 1e6; asked++) {
    const everyUs = asked < 24 ? 15_000 : 150_000;
    atUs += everyUs;
    const isLater = atUs > seconds * 0.5e6;
    const ours = (us: number): number => us * (1 + ppm / 1e6) - aheadUs;
    const roomAheadUs = isLater ? setUs : 0;
    const [least, stay] = [leastUs + (isLater ? longerUs : 0), 20];
    const cameUs = atUs + least + jitterUs * chance.unit();
    const backUs = cameUs + stay + least + jitterUs * chance.unit();
    clock.sample(ours(atUs), cameUs + roomAheadUs, cameUs + stay + roomAheadUs, ours(backUs));
    // Asked just before the next answer, when the estimate is oldest.
    const askedUs = backUs + everyUs;
    errors.push({
      atUs,
      errorUs: Math.abs(ours(askedUs) + clock.offsetAt(ours(askedUs)) - askedUs - roomAheadUs),
    });
  }
  return errors;
}
