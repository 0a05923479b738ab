import { type Chance, seededChance } from '@jamnet/base';
import {
  AudioBodyReader,
  AudioWriter,
  codedPlan,
  copiesPlan,
  NO_REDUNDANCY,
  planBytes,
  type RedundancyPlan,
  StreamReceiver,
} from '@jamnet/toast';
import { burstLoss, type GilbertElliott, generateTrace, randomLoss } from './gilbert-elliott.ts';

const FRAMES = 64;
/** What one impairment does: loss, and extra delay per datagram, in packet times of 64 frames. */
export interface StudyRow {
  readonly impairment: string;
  readonly loss: GilbertElliott | null;
  readonly delay: (chance: Chance) => number;
  /** Between a packet's first sample and the moment it must be there, packet times. */
  readonly deadlinePackets: number;
}

export interface StudyOutcome {
  readonly impairment: string;
  readonly deadlinePackets: number;
  readonly scheme: string;
  /** Bytes of a datagram by bytes of its payload, nothing packed. */
  readonly bandwidthRatio: number;
  /** Packets of which no datagram within the scheme's reach came in time, and those the scheme did not bring. */
  readonly boundPercent: number;
  readonly concealedPercent: number;
}

const MS = 0.75;
const none = (): number => 0;
export const uniform = (ms: number) => (chance: Chance) => chance.unit() * ms * MS;
/** |N(0, σ)| by Box and Muller (1958). */
export const halfNormal = (ms: number) => (chance: Chance) =>
  Math.abs(Math.sqrt(-2 * Math.log(1 - chance.unit())) * Math.cos(2 * Math.PI * chance.unit())) * ms * MS;

/** The rows of `jamnet bench toast`; with half a packet between the two cards a packet has so much less time. */
export const STUDY_ROWS: readonly StudyRow[] = [
  { impairment: 'loss1', loss: randomLoss(0.01), delay: none, deadlinePackets: 2.5 },
  { impairment: 'loss5', loss: randomLoss(0.05), delay: none, deadlinePackets: 2.5 },
  { impairment: 'burst2x4', loss: burstLoss(0.02, 4), delay: none, deadlinePackets: 2.5 },
  { impairment: 'burst2x4', loss: burstLoss(0.02, 4), delay: none, deadlinePackets: 3.05 },
  { impairment: 'burst2x4-12ms', loss: burstLoss(0.02, 4), delay: none, deadlinePackets: 8.5 },
  { impairment: 'jitter3', loss: null, delay: uniform(3), deadlinePackets: 3.5 },
  { impairment: 'jitter5loss1', loss: randomLoss(0.01), delay: halfNormal(5), deadlinePackets: 6.5 },
  { impairment: 'jitter5loss1', loss: randomLoss(0.01), delay: halfNormal(5), deadlinePackets: 7 },
];

export const STUDY_PLANS: readonly RedundancyPlan[] = [
  NO_REDUNDANCY,
  copiesPlan([1]),
  copiesPlan([2]),
  copiesPlan([1, 2]),
  copiesPlan([1, 2, 3]),
  copiesPlan([1, 2, 3, 4]),
  copiesPlan([4, 7]),
  copiesPlan([3, 7]),
  codedPlan(1, 4),
  codedPlan(2, 3),
  codedPlan(2, 4),
  codedPlan(2, 5),
  codedPlan(2, 6),
  codedPlan(2, 7),
];

/** Plays `packets` packets of one row through the real writer, reader and receiver, in virtual time. */
export function studyScheme(
  row: StudyRow,
  plan: RedundancyPlan,
  packets: number,
  seed: string,
): StudyOutcome {
  const arrivals = drawArrivals(row, packets + 64, seededChance(`${seed}/${row.impairment}`));
  const reach = plan.offsets.at(-1) ?? 0;
  let unreachable = 0;
  for (let index = 0; index < packets; index++) {
    let came = false;
    for (let offset = 0; offset <= reach && !came; offset++)
      came = (arrivals[index + offset] ?? Number.POSITIVE_INFINITY) <= index + row.deadlinePackets;
    if (!came) unreachable++;
  }
  const concealed = playThrough(row, plan, packets, arrivals);
  return {
    impairment: row.impairment,
    deadlinePackets: row.deadlinePackets,
    scheme: schemeName(plan),
    bandwidthRatio: planBytes({ frames: FRAMES, sampleBytes: 2 }, plan) / (2 * FRAMES),
    boundPercent: (100 * unreachable) / packets,
    concealedPercent: (100 * concealed) / packets,
  };
}

function schemeName(plan: RedundancyPlan): string {
  return plan.scheme === 'copies'
    ? `copies ${plan.offsets.join(' ')}`
    : `${plan.symbols} coded over ${plan.offsets.length}`;
}

/** When each datagram arrives, in packet times from sample 0; infinite when lost. A packet leaves at its end. */
function drawArrivals(row: StudyRow, count: number, chance: Chance): Float64Array {
  const trace = row.loss === null ? new Uint8Array(count) : generateTrace(row.loss, count, chance);
  return Float64Array.from({ length: count }, (_, sequence) => {
    const delay = row.delay(chance);
    return trace[sequence] === 1 ? Number.POSITIVE_INFINITY : sequence + 1 + delay;
  });
}

/** Packets that the ear missed. */
function playThrough(row: StudyRow, plan: RedundancyPlan, packets: number, arrivals: Float64Array): number {
  const order = [...arrivals.keys()]
    .filter((sequence) => Number.isFinite(arrivals[sequence]))
    .sort((a, b) => (arrivals[a] ?? 0) - (arrivals[b] ?? 0));
  const wholePackets = Math.floor(row.deadlinePackets);
  const phase = row.deadlinePackets - wholePackets;
  const packetUs = (FRAMES / 48_000) * 1e6;
  const member = {
    seat: 0,
    player: 'speaker',
    joinId: '0'.repeat(32),
    epoch: 0,
    founder: true,
    packets: null,
    consent: 0,
    keys: '',
  };
  const receiver = new StreamReceiver(member, {
    packetFrames: FRAMES,
    reach: 0,
    fixedDelayMs: (wholePackets * packetUs) / 1000,
  });
  const link = new StudyLink(plan, receiver);
  const out = new Float32Array(FRAMES);
  let next = 0;
  for (let period = 1; period < packets + wholePackets; period++) {
    // What arrives at the very moment of the pull is there.
    for (; (arrivals[order[next] ?? -1] ?? Number.POSITIVE_INFINITY) <= period + phase; next++)
      link.arrive(order[next] ?? 0, (period + phase) * packetUs);
    receiver.pull(period, out);
    while (receiver.fresh.shift() !== undefined);
  }
  return receiver.counters.concealed;
}

/** Writes a datagram's body when it arrives; every packet sounds different. */
class StudyLink {
  readonly #plan: RedundancyPlan;
  readonly #receiver: StreamReceiver;
  readonly #body = new AudioBodyReader();
  readonly #bytes = new Uint8Array(1200);
  readonly #bodies = new Map<number, Uint8Array>();
  readonly #writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: false });
  #written = 0;

  constructor(plan: RedundancyPlan, receiver: StreamReceiver) {
    this.#plan = plan;
    this.#receiver = receiver;
  }

  arrive(sequence: number, nowUs: number): void {
    for (; this.#written <= sequence; this.#written++) this.#write(this.#written);
    const plain = this.#bodies.get(sequence);
    this.#bodies.delete(sequence);
    if (plain === undefined || this.#body.read(plain) !== 0) return;
    this.#receiver.put(sequence, sequence * FRAMES, this.#body, plain, 0, nowUs);
  }

  #write(sequence: number): void {
    this.#writer.keep(
      sequence,
      Int16Array.from({ length: FRAMES }, (_, i) => ((sequence * 7919 + i * 31) % 65536) - 32768),
    );
    const length = this.#writer.write(this.#bytes, sequence, sequence + 1, this.#plan, 0);
    this.#bodies.set(sequence, this.#bytes.slice(0, length));
    this.#bodies.delete(sequence - 64);
  }
}

/** The table as text: one line per row and scheme. */
export function studyTable(packets: number, seed: string): string {
  const lines = ['impairment      deadline  scheme             bandwidth  bound %  concealed %'];
  for (const row of STUDY_ROWS)
    for (const plan of STUDY_PLANS) {
      const of = studyScheme(row, plan, packets, seed);
      lines.push(
        `${of.impairment.padEnd(15)} ${of.deadlinePackets.toFixed(2).padStart(8)}  ${of.scheme.padEnd(18)} ${of.bandwidthRatio.toFixed(2).padStart(9)} ${of.boundPercent.toFixed(3).padStart(8)} ${of.concealedPercent.toFixed(3).padStart(12)}`,
      );
    }
  return lines.join('\n');
}
