import { Concealer, type ConcealerOptions } from './concealer.ts';

export interface ConcealTraceOptions extends ConcealerOptions {
  /** Wait one packet more, and fill each hole also from the packet behind it. */
  readonly twoSided?: boolean;
  /** Told before and after each block, for benches that hold a clock. */
  readonly onBlock?: (phase: 'begin' | 'end') => void;
}

/**
 * What a listener hears of `samples` when the packets marked in `trace` (1 = lost) do not arrive: the receiver's own
 * path, packet by packet. The last packet may be partial and counts as padded with zeros. Output is as long as input.
 */
export function concealTrace(
  samples: Float32Array,
  trace: Uint8Array,
  options: ConcealTraceOptions,
): Float32Array {
  const { packetFrames, onBlock } = options;
  const concealer = new Concealer(options);
  const packets = Math.ceil(samples.length / packetFrames);
  const played = new Float32Array(packets * packetFrames);
  const packet = new Float32Array(packetFrames);
  const next = new Float32Array(packetFrames);
  /** Whether packet `p` is lost and the one behind it is known and whole. */
  const isMet = (p: number): boolean =>
    options.twoSided === true &&
    trace[p] === 1 &&
    trace[p + 1] !== 1 &&
    (p + 2) * packetFrames <= samples.length;
  for (let p = 0; p < packets; p++) {
    const start = p * packetFrames;
    const out = played.subarray(start, start + packetFrames);
    packet.fill(0);
    packet.set(samples.subarray(start, start + packetFrames));
    if (isMet(p)) next.set(samples.subarray(start + packetFrames, start + 2 * packetFrames));
    onBlock?.('begin');
    if (trace[p] === 1) concealer.conceal(out, isMet(p) ? next : undefined);
    else concealer.receive(packet, out);
    onBlock?.('end');
  }
  return played.slice(0, samples.length);
}
