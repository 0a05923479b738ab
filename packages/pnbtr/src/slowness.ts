import { seededChance } from '@jamnet/base';
import { Concealer } from './concealer.ts';
import { chooseModels, concealUs } from './model-size.ts';

const RATE_HZ = 48_000;
/** Sound before the first loss: the longest window of the models. */
const HEARD_FRAMES = 8_192;
/** Losses that the compilers get, and those that count. */
const WARM_UP_LOSSES = 40;
const LOSSES = 80;
/** Of the latter the fastest tenth stands for the host: what else it does slows the others. */
const FAST_SHARE = 0.1;

/**
 * Time of a lost packet on this host over that of the reference, (0, ∞): what {@link Concealer}'s option `slowness` takes. Takes
 * about a hundred losses' time; a host whose functions are compiled already is measured more truly. `nowMs`: a steady clock.
 */
export function measureSlowness(nowMs: () => number, packetFrames: number): number {
  const concealer = new Concealer({ sampleRateHz: RATE_HZ, packetFrames });
  const chance = seededChance('slowness');
  const packet = new Float32Array(packetFrames);
  const out = new Float32Array(packetFrames);
  const receive = (): void => {
    for (let i = 0; i < packetFrames; i++) packet[i] = chance.unit() - 0.5;
    concealer.receive(packet, out);
  };
  for (let frames = 0; frames < HEARD_FRAMES; frames += packetFrames) receive();
  const timesMs: number[] = [];
  for (let loss = 0; loss < WARM_UP_LOSSES + LOSSES; loss++) {
    const begunMs = nowMs();
    concealer.conceal(out);
    if (loss >= WARM_UP_LOSSES) timesMs.push(nowMs() - begunMs);
    receive();
  }
  const quietMs = timesMs.sort((a, b) => a - b)[Math.floor(FAST_SHARE * LOSSES)] ?? 0;
  return (quietMs * 1000) / concealUs(packetFrames, chooseModels(packetFrames, { isWasm: concealer.isWasm }));
}
