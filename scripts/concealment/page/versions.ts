import { concealTrace, type RepairSpan, repairSpans } from '../../../packages/pnbtr/src/index.ts';
import { LEAD_SECONDS, type Sound } from './sounds.ts';

export const PACKET_FRAMES = 128;
export const CLIP_SECONDS = 2.5;

/** One way to hear a clip. */
export interface Version {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly samples: Float32Array;
  /** Error over signal in the lost packets of the clip, dB; `null` for the sound itself. */
  readonly errorDb: number | null;
}

export interface Clip {
  readonly sampleRateHz: number;
  readonly versions: readonly Version[];
  readonly packets: number;
  readonly lost: number;
  isLost(sample: number): boolean;
}

const WAYS = [
  ['played', 'As it was played', 'the sound itself'],
  ['holes', 'With the holes', 'lost packets as silence: before'],
  ['pnbtr', 'PNBTR', 'forecast from the past alone, within the packet time: after'],
  ['two-sided', 'PNBTR, one packet later', 'bent to the packet behind the hole where it is there'],
  ['repaired', 'Mended afterwards', 'take.repair on idle machines: both sides, any budget'],
] as const;

/** A sound through the losses of `losses` in every way, cut to the clip's place, where the most holes are. */
export function clipOf(sound: Sound, losses: Uint8Array): Clip {
  const { samples, sampleRateHz } = sound;
  const options = { sampleRateHz, packetFrames: PACKET_FRAMES };
  const first = Math.ceil((LEAD_SECONDS * sampleRateHz) / PACKET_FRAMES);
  const packets = Math.floor((CLIP_SECONDS * sampleRateHz) / PACKET_FRAMES);
  const trace = losses.subarray(worstStart(losses, first, packets));
  const whole: Record<(typeof WAYS)[number][0], Float32Array> = {
    played: samples,
    holes: samples.map((sample, n) => (trace[Math.floor(n / PACKET_FRAMES)] === 1 ? 0 : sample)),
    pnbtr: concealTrace(samples, trace, options),
    'two-sided': concealTrace(samples, trace, { ...options, twoSided: true }),
    repaired: repairedAround(samples, trace, first, packets),
  };
  const cut = (from: Float32Array): Float32Array =>
    from.slice(first * PACKET_FRAMES, (first + packets) * PACKET_FRAMES);
  const isLost = (sample: number): boolean => trace[first + Math.floor(sample / PACKET_FRAMES)] === 1;
  const truth = cut(samples);
  const versions = WAYS.map(([id, title, about]) => {
    const heard = cut(whole[id]);
    return {
      id,
      title,
      about,
      samples: heard,
      errorDb: id === 'played' ? null : errorDb(truth, heard, isLost),
    };
  });
  const lost = trace.subarray(first, first + packets).reduce((sum, digit) => sum + digit, 0);
  return { sampleRateHz, versions, packets, lost, isLost };
}

/** Where a trace has to begin so that the `packets` from `first` on have the most holes. */
function worstStart(losses: Uint8Array, first: number, packets: number): number {
  const begins = (p: number): number => (losses[p] === 1 && losses[p - 1] !== 1 ? 1 : 0);
  let [worst, most] = [0, -1];
  let holes = 0;
  for (let p = first; p < losses.length; p++) {
    holes += begins(p) - (p - packets >= first ? begins(p - packets) : 0);
    if (holes <= most || p - packets < first) continue;
    most = holes;
    worst = p + 1 - packets - first;
  }
  return worst;
}

/** Packets of about a second on each side of the clip, which the repair sees. */
const AROUND_PACKETS = 375;

function repairedAround(
  samples: Float32Array,
  trace: Uint8Array,
  first: number,
  packets: number,
): Float32Array {
  const from = first - AROUND_PACKETS;
  const until = first + packets + AROUND_PACKETS;
  const excerpt = samples.subarray(from * PACKET_FRAMES, until * PACKET_FRAMES);
  const whole = samples.slice();
  whole.set(repairSpans(excerpt, spansOf(trace.subarray(from, until), excerpt.length)), from * PACKET_FRAMES);
  return whole;
}

function spansOf(trace: Uint8Array, length: number): RepairSpan[] {
  const spans: RepairSpan[] = [];
  for (let p = 0; (p + 1) * PACKET_FRAMES <= length; p++) {
    if (trace[p] !== 1) continue;
    const atSample = p * PACKET_FRAMES;
    while (trace[p + 1] === 1 && (p + 2) * PACKET_FRAMES <= length) p++;
    spans.push({ atSample, frames: (p + 1) * PACKET_FRAMES - atSample });
  }
  return spans;
}

function errorDb(truth: Float32Array, heard: Float32Array, isLost: (sample: number) => boolean): number {
  let [error, signal] = [0, 0];
  for (let n = 0; n < truth.length; n++) {
    if (!isLost(n)) continue;
    error += ((truth[n] ?? 0) - (heard[n] ?? 0)) ** 2;
    signal += (truth[n] ?? 0) ** 2;
  }
  return 10 * Math.log10(error / signal);
}
