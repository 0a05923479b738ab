import { assert } from '@jamnet/base';
import { Concealer, type ConcealerOptions } from './concealer.ts';

export interface ConcealTraceOptions extends ConcealerOptions {
  /** Wait one packet more, and fill each hole also from the packet behind it. */
  readonly twoSided?: boolean | undefined;
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
  return concealLinked([samples], trace, { ...options, channels: 1 })[0] ?? new Float32Array(0);
}

/** The same for one sound of several channels of one length: two are linked, so that the image stands; others go one by one. */
export function concealChannels(
  channels: readonly Float32Array[],
  trace: Uint8Array,
  options: ConcealTraceOptions,
): Float32Array[] {
  if (channels.length === 2) return concealLinked(channels, trace, { ...options, channels: 2 });
  return channels.map((samples) => concealTrace(samples, trace, options));
}

function concealLinked(
  channels: readonly Float32Array[],
  trace: Uint8Array,
  options: ConcealTraceOptions,
): Float32Array[] {
  const { packetFrames, onBlock } = options;
  const concealer = new Concealer(options);
  const length = channels[0]?.length ?? 0;
  const packets = Math.ceil(length / packetFrames);
  const played = channels.map(() => new Float32Array(packets * packetFrames));
  const [packet, next, out] = [0, 1, 2].map(() => new Float32Array(channels.length * packetFrames));
  assert(packet !== undefined && next !== undefined && out !== undefined, 'three blocks');
  /** Puts packet `p` of each channel behind the one before it. */
  const read = (into: Float32Array, p: number): void => {
    into.fill(0);
    for (const [c, samples] of channels.entries())
      into.set(samples.subarray(p * packetFrames, (p + 1) * packetFrames), c * packetFrames);
  };
  /** Whether packet `p` is lost and the one behind it is known and whole. */
  const isMet = (p: number): boolean =>
    options.twoSided === true && trace[p] === 1 && trace[p + 1] !== 1 && (p + 2) * packetFrames <= length;
  for (let p = 0; p < packets; p++) {
    read(packet, p);
    if (isMet(p)) read(next, p + 1);
    onBlock?.('begin');
    if (trace[p] === 1) concealer.conceal(out, isMet(p) ? next : undefined);
    else concealer.receive(packet, out);
    onBlock?.('end');
    for (const [c, samples] of played.entries())
      samples.set(out.subarray(c * packetFrames, (c + 1) * packetFrames), p * packetFrames);
  }
  return played.map((samples) => samples.slice(0, length));
}
