import { assert, type Chance } from '@jamnet/base';

/** Two-state Markov chain of Gilbert (1960) and Elliott (1963), one step per packet. */
export interface GilbertElliott {
  /** Probability of a step from the good to the bad state, and back. */
  readonly toBad: number;
  readonly toGood: number;
  /** Probability of loss in each state. */
  readonly lossInGood: number;
  readonly lossInBad: number;
}

/** Independent loss: the chain never leaves the good state. */
export function randomLoss(share: number): GilbertElliott {
  return { toBad: 0, toGood: 1, lossInGood: share, lossInBad: share };
}

/** Simple Gilbert model (lossInGood 0, lossInBad 1) with a mean share of loss and a mean burst in packets. */
export function burstLoss(share: number, meanBurstPackets: number): GilbertElliott {
  assert(share > 0 && share < 1 && meanBurstPackets >= 1, 'burst loss range');
  const toGood = 1 / meanBurstPackets;
  return { toBad: (toGood * share) / (1 - share), toGood, lossInGood: 0, lossInBad: 1 };
}

/**
 * p and q as Hasslinger and Hohlfeld, "The Gilbert-Elliott Model for Packet Loss in Real Time Services on the
 * Internet" (MMB 2008), parametrise it: stationary loss (p·(1−h) + q·(1−k)) / (p + q).
 */
export function meanLoss(model: GilbertElliott): number {
  const bad = model.toBad / (model.toBad + model.toGood);
  return bad * model.lossInBad + (1 - bad) * model.lossInGood;
}

/** One entry per packet: 1 is lost. Begins in the stationary distribution. */
export function generateTrace(model: GilbertElliott, packets: number, chance: Chance): Uint8Array {
  const trace = new Uint8Array(packets);
  let isBad = chance.unit() < model.toBad / (model.toBad + model.toGood);
  for (let i = 0; i < packets; i++) {
    trace[i] = chance.unit() < (isBad ? model.lossInBad : model.lossInGood) ? 1 : 0;
    if (chance.unit() < (isBad ? model.toGood : model.toBad)) isBad = !isBad;
  }
  return trace;
}

/** Text form: one digit per packet, 100 to a line, as most published loss traces are. */
export function traceText(trace: Uint8Array): string {
  let text = '';
  for (let start = 0; start < trace.length; start += 100)
    text += `${trace.subarray(start, start + 100).join('')}\n`;
  return text;
}
