import { Concealer } from './concealer.ts';
import type { ModelSize } from './model-size.ts';
import { fillTwoSided } from './two-sided.ts';

export interface ConcealTraceOptions {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  readonly models?: readonly ModelSize[] | undefined;
  readonly searchSeconds?: number | undefined;
  readonly kernel?: 'wasm' | 'plain' | undefined;
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
  for (let p = 0; p < packets; p++) {
    const start = p * packetFrames;
    const out = played.subarray(start, start + packetFrames);
    packet.fill(0);
    packet.set(samples.subarray(start, start + packetFrames));
    onBlock?.('begin');
    if (trace[p] === 1) concealer.conceal(out);
    else concealer.receive(packet, out);
    onBlock?.('end');
  }
  const heard = played.subarray(0, samples.length);
  return options.twoSided === true ? fillTwoSided(samples, heard, trace, packetFrames) : heard.slice();
}
