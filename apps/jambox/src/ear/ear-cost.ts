import { PacketStore } from '@jamnet/jdat';
import { AudioBodyReader, AudioWriter, codedPlan, copiesPlan, limits, StreamReceiver } from '@jamnet/toast';
import { settleMemory } from '../realtime/settle-memory.ts';
import { startSoundProcess } from '../realtime/sound-process.ts';
import { ControlRow } from './control-row.ts';
import { FollowingEar } from './following-ear.ts';
import { Pauses } from './pauses.ts';
import { quantile } from './quantile.ts';
import { threadClock } from './thread-clock.ts';

/** What one remote stream costs at each packet time: reading the datagram, buffer, repair, concealment and resampling. */
export interface EarCost {
  readonly packetFrames: number;
  readonly packets: number;
  readonly concealed: number;
  readonly recovered: number;
  /** Packet times in which nothing had to be made up; the worst should stay below a tenth of `packetUs`. */
  readonly usP50: number;
  readonly usP99: number;
  readonly usP999: number;
  readonly usWorst: number;
  /** The same packet times by the processor's time of the thread, in which no other program has a part; `null` where no clock tells. */
  readonly processorUsP999: number | null;
  readonly processorUsWorst: number | null;
  /**
   * A loop of arithmetic as long as the median, run beside it in turns: what it is worse by at worst, machine and engine add to everything.
   */
  readonly controlUsP50: number;
  readonly controlUsP999: number;
  readonly controlUsWorst: number;
  readonly controlProcessorUsWorst: number | null;
  readonly controlChecksum: number;
  /** Collections of memory meanwhile, and the longest of them. */
  readonly collections: number;
  readonly collectionUsWorst: number;
  /** Whether one of them lies within the ear's worst packet time. */
  readonly isWorstCollected: boolean;
  /** Those with concealment. */
  readonly concealingUsP50: number;
  readonly concealingUsP99: number;
  /** The packet's own length. */
  readonly packetUs: number;
  /** What the heap grew by, a packet; with a collection meanwhile it says nothing. */
  readonly grownBytes: number;
  /** Of what was played, so that none of it can be left out. */
  readonly checksum: number;
}

const MEMBER = {
  seat: 0,
  player: 'ada',
  joinId: 'a'.repeat(32),
  epoch: 1,
  founder: true,
  packets: null,
  consent: 0,
  keys: '',
};
const WARM_PACKETS = 15_000;
/** Of seven datagrams two are lost, in a row: copies at 1 and 3 and repair get some of them back, the rest is concealed. */
const LOSS_EVERY = 7;
const LOST = 2;
/** A stretch of the latter, so that something is left to conceal. */
const GAP_EVERY = 400;
const GAP = 9;
/** A thread before all others that never rests is stopped for 50 ms of every second (sched(7)). */
const REST_EVERY = 500;
const REST_MS = 10;
/** Ear and control take turns, so that both meet what the machine does meanwhile. */
const TURNS = 20;
/** Packets by whose median the control is made as long. */
const TRIAL_PACKETS = 2_000;

/** Plays `packets` packets as fast as it can, after as many as the compiler needs. */
export async function measureEar(packetFrames: number, packets: number): Promise<EarCost> {
  const packetUs = (packetFrames / limits.SAMPLE_RATE_HZ) * 1e6;
  const writer = new AudioWriter({ frames: packetFrames, sampleBytes: 2, mayPack: true });
  const body = new AudioBodyReader();
  const receiver = new StreamReceiver(MEMBER, { packetFrames, reach: 4 });
  const ear = new FollowingEar(receiver, new PacketStore(packetFrames, 0), packetFrames, 4);
  const pcm = new Int16Array(packetFrames);
  const datagram = new Uint8Array(limits.DATAGRAM_BYTES_MAX);
  // The shell has its datagram's bytes anyway: a view for each length, made beforehand.
  const views = Array.from({ length: limits.DATAGRAM_BYTES_MAX + 1 }, (_, bytes) =>
    datagram.subarray(0, bytes),
  );
  const copies = copiesPlan([1, 3]);
  const coded = codedPlan(1, 4);
  const plainUs = new Float64Array(packets);
  const concealingUs = new Float64Array(packets);
  const processorUs = new Float64Array(packets);
  const clock = threadClock();
  let [plain, concealing, worstUs, worstBeganMs] = [0, 0, 0, 0];
  const rest = new Int32Array(new SharedArrayBuffer(4));
  let checksum = 0;
  let next = 0;
  const run = (count: number, isMeasured: boolean): void => {
    for (const end = next + count; next < end; next++) {
      if (next % REST_EVERY === 0) Atomics.wait(rest, 0, 0, REST_MS);
      for (let j = 0; j < packetFrames; j++) pcm[j] = ((next * packetFrames + j) * 211) % 20_000;
      writer.keep(next, pcm);
      const bytes = writer.write(datagram, next, next + 1, (next >> 10) % 2 === 0 ? copies : coded, 0);
      const nowUs = (next + 1) * packetUs;
      const isLost = next % LOSS_EVERY < LOST || next % GAP_EVERY < GAP;
      const concealedBefore = receiver.counters.concealed;
      const beganMs = performance.now();
      // Inside the wall clock's stretch: what the engine does between the two belongs to neither of them.
      const beganUs = clock === null ? 0 : clock();
      if (!isLost && body.read(views[bytes] ?? datagram) === 0)
        receiver.put(next, next * packetFrames, body, datagram, 0, nowUs);
      while (receiver.fresh.shift() !== undefined);
      ear.play(next, nowUs + 300);
      const processorTookUs = clock === null ? 0 : clock() - beganUs;
      const tookUs = (performance.now() - beganMs) * 1000;
      const hasConcealed = receiver.counters.concealed > concealedBefore;
      if (isMeasured && hasConcealed) concealingUs[concealing++] = tookUs;
      else if (isMeasured) {
        if (tookUs > worstUs) {
          worstUs = tookUs;
          worstBeganMs = beganMs;
        }
        processorUs[plain] = processorTookUs;
        plainUs[plain++] = tookUs;
      }
      checksum += ear.out[0] ?? 0;
    }
  };
  run(WARM_PACKETS, false);
  run(TRIAL_PACKETS, true);
  const control = new ControlRow(packets, quantile(plainUs.subarray(0, plain).sort(), 0.5), clock);
  control.run(packets, rest);
  control.clear();
  [plain, concealing, worstUs] = [0, 0, 0];
  // As the engine does once it is warm and before it plays.
  settleMemory();
  const pauses = new Pauses();
  let grownBytes = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const count = Math.floor(((turn + 1) * packets) / TURNS) - Math.floor((turn * packets) / TURNS);
    const before = process.memoryUsage().heapUsed;
    run(count, true);
    grownBytes += (process.memoryUsage().heapUsed - before) / packets;
    control.run(count, rest);
  }
  const { collections, collectionUsWorst, isWithin } = await pauses.end();
  const sorted = plainUs.subarray(0, plain).sort();
  const sortedProcessor = processorUs.subarray(0, plain).sort();
  const sortedConcealing = concealingUs.subarray(0, concealing).sort();
  const { concealed, recovered } = receiver.counters;
  return {
    packetFrames,
    packets,
    concealed,
    recovered,
    usP50: quantile(sorted, 0.5),
    usP99: quantile(sorted, 0.99),
    usP999: quantile(sorted, 0.999),
    usWorst: quantile(sorted, 1),
    processorUsP999: clock === null ? null : quantile(sortedProcessor, 0.999),
    processorUsWorst: clock === null ? null : quantile(sortedProcessor, 1),
    ...control.figures(),
    collections,
    collectionUsWorst,
    isWorstCollected: isWithin(worstBeganMs, worstBeganMs + worstUs / 1000),
    concealingUsP50: quantile(sortedConcealing, 0.5),
    concealingUsP99: quantile(sortedConcealing, 0.99),
    packetUs,
    grownBytes,
    checksum,
  };
}

/** As {@link measureEar}, in a process started as sound processes are, and raised unless normal priority is asked for. */
export function measureEarApart(
  packetFrames: number,
  packets: number,
  isNormalPriority: boolean,
): Promise<EarCost> {
  return new Promise((resolve, reject) => {
    const entry = new URL('./cost/main.ts', import.meta.url);
    const words = `${packetFrames}x${packets}x${isNormalPriority ? 1 : 0}`;
    const child = startSoundProcess(entry, words, (cost) => resolve(cost as EarCost)); // our own program's
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the measurement ended with code ${code}`)));
  });
}
