import { assert, seededChance } from '@jamnet/base';
import { Concealer } from '../concealer.ts';
import { chooseModels, concealUs, type ModelSize } from '../model-size.ts';

/** Packet lengths whose time is told: the two that have a budget, and their neighbours. */
export const BENCH_TIME_PACKETS: readonly number[] = [32, 64, 128, 256];

const RATE_HZ = 48_000;
/** Blocks before the clock counts: the compilers of JavaScript and WebAssembly are done then, and the search is full. */
const WARM_UP_PACKETS = 1_600;
/** One of so many packets is lost; the one behind it is recovered. */
const LOST_EVERY = 5;

/** Times of one kind of block, µs. */
export interface PacketTimes {
  readonly blocks: number;
  /** What the fastest hundredth takes: nearly what the machine would need if nobody else used it. */
  readonly quietUs: number;
  readonly medianUs: number;
  readonly meanUs: number;
  readonly p99Us: number;
  /** Of all, with whatever else the machine did meanwhile. */
  readonly worstUs: number;
}

export interface BlockTimes {
  readonly packet: number;
  readonly channels: 1 | 2;
  readonly isWasm: boolean;
  /** Orders of the models that the packet length chose. */
  readonly orders: readonly number[];
  /** The same where holes are bent to the packet behind them. */
  readonly ordersTwoSided: readonly number[];
  readonly receive: PacketTimes;
  /** The first packet of a hole: the one that fits the models. */
  readonly conceal: PacketTimes;
  /** As conceal, bent to the packet behind it. */
  readonly concealMet: PacketTimes;
  readonly recover: PacketTimes;
  /** This host's quiet time of conceal over that of the reference; what {@link chooseModels} takes as slowness. */
  readonly slowness: number;
}

const KINDS = ['receive', 'conceal', 'concealMet', 'recover'] as const;

/** Times every block of a made-up stream with losses, one packet length after the other. `nowMs`: a steady clock. */
export function benchTime(
  nowMs: () => number,
  choice: { readonly packet: number; readonly blocks: number; readonly channels?: 1 | 2 },
): BlockTimes {
  const { packet: packetFrames, blocks, channels = 1 } = choice;
  const options = { sampleRateHz: RATE_HZ, packetFrames, channels };
  const concealer = new Concealer(options);
  const twoSided = new Concealer({ ...options, twoSided: true });
  const { isWasm } = concealer;
  const models = chooseModels(packetFrames, { channels, isWasm });
  const times: Record<(typeof KINDS)[number], number[]> = {
    receive: [],
    conceal: [],
    concealMet: [],
    recover: [],
  };
  const music = musicOf(packetFrames, channels);
  const [packet, next, out, unused] = [0, 1, 2, 3].map(() => new Float32Array(channels * packetFrames));
  assert(packet !== undefined && next !== undefined && out !== undefined && unused !== undefined, 'blocks');
  for (let p = 0; p < WARM_UP_PACKETS + blocks; p++) {
    packet.set(next);
    next.set(music());
    const kind = kindOf(p);
    const begunMs = nowMs();
    if (kind === 'conceal') concealer.conceal(out);
    else if (kind === 'concealMet') twoSided.conceal(out, next);
    else concealer.receive(packet, out);
    if (p >= WARM_UP_PACKETS) times[kind].push((nowMs() - begunMs) * 1000);
    // The other one goes along: its stream must not stand still.
    if (kind === 'conceal') twoSided.conceal(unused);
    else if (kind === 'concealMet') concealer.conceal(unused);
    else twoSided.receive(packet, unused);
  }
  const conceal = timesOf(times.conceal);
  return {
    packet: packetFrames,
    channels,
    isWasm,
    orders: ordersOf(models),
    ordersTwoSided: ordersOf(chooseModels(packetFrames, { channels, isWasm, twoSided: true })),
    receive: timesOf(times.receive),
    conceal,
    concealMet: timesOf(times.concealMet),
    recover: timesOf(times.recover),
    slowness: conceal.quietUs / concealUs(packetFrames, models, { channels }),
  };
}

const ordersOf = (models: readonly ModelSize[]): number[] => models.map(({ order }) => order);

/** Losses in turn with and without the packet behind. */
function kindOf(packet: number): (typeof KINDS)[number] {
  const place = packet % (2 * LOST_EVERY);
  if (place === LOST_EVERY - 1) return 'conceal';
  if (place === 2 * LOST_EVERY - 1) return 'concealMet';
  return place === LOST_EVERY ? 'recover' : 'receive';
}

/** Packets of tones, a decay and noise, one after the other; the right channel at another phase. */
function musicOf(packetFrames: number, channels: 1 | 2): () => Float32Array {
  const chance = seededChance('bench time');
  const packet = new Float32Array(channels * packetFrames);
  let from = 0;
  return () => {
    for (let i = 0; i < packet.length; i++) {
      const n = from + (i % packetFrames) + Math.floor(i / packetFrames) * 11;
      packet[i] =
        0.3 * Math.sin(n * 0.05) +
        0.2 * Math.sin(n * 0.21) * Math.exp(-(n % 20_000) / 8_000) +
        0.04 * (chance.unit() - 0.5);
    }
    from += packetFrames;
    return packet;
  };
}

function timesOf(us: readonly number[]): PacketTimes {
  const sorted = [...us].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    blocks: sorted.length,
    quietUs: at(0.01),
    medianUs: at(0.5),
    meanUs: sorted.reduce((sum, time) => sum + time, 0) / Math.max(1, sorted.length),
    p99Us: at(0.99),
    worstUs: at(1),
  };
}
