import { seededChance } from '@jamnet/base';

/** Where in the trace a link begins: drawn from the names alone, so that two links seldom lose the same packets. */
export function linkOffset(sender: string, receiver: string, traceLength: number): number {
  return seededChance(`${sender}>${receiver}`).below(traceLength);
}

/** Whether the link drops the datagram with that sequence number: by trace and names alone, never by time. */
export function isDropped(trace: Uint8Array, sender: string, receiver: string, sequence: number): boolean {
  if (trace.length === 0) return false;
  return trace[(sequence + linkOffset(sender, receiver, trace.length)) % trace.length] === 1;
}

/**
 * The erasure bound: which of a stream's packets no copy can bring, when each datagram also carries the packets
 * `offsets` back and the datagrams behind the end repeat the last ones.
 */
export function erasedPackets(
  drops: (sequence: number) => boolean,
  packets: number,
  offsets: readonly number[],
): number[] {
  const erased: number[] = [];
  for (let packet = 0; packet < packets; packet++) {
    if (drops(packet) && offsets.every((offset) => drops(packet + offset))) erased.push(packet);
  }
  return erased;
}
