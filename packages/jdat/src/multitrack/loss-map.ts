import type { LossRecord, PacketFate } from './multitrack.ts';

/** Neighbouring packets of one fate as one stretch each. */
export function joinedFates(
  track: number,
  fromPacket: number,
  fates: readonly (PacketFate | null)[],
): LossRecord[] {
  const spans: { type: 'span'; track: number; fromPacket: number; packets: number; fate: PacketFate }[] = [];
  for (const [i, fate] of fates.entries()) {
    const last = spans.at(-1);
    if (fate === null) continue;
    if (last !== undefined && last.fate === fate && last.fromPacket + last.packets === fromPacket + i)
      last.packets++;
    else spans.push({ type: 'span', track, fromPacket: fromPacket + i, packets: 1, fate });
  }
  return spans;
}

/**
 * The loss trace of packets [0, packets): one digit each, 1 where no copy came in time (`concealed` and `late`), as the other tools
 * of this project read traces.
 */
export function lossTrace(spans: Iterable<LossRecord>, packets: number): Uint8Array {
  const trace = new Uint8Array(packets);
  for (const { fromPacket, packets: count, fate } of spans)
    if (fate !== 'recovered') trace.fill(1, fromPacket, Math.min(packets, fromPacket + count));
  return trace;
}
