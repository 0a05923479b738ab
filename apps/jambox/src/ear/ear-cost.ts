import { settleMemory } from '../realtime/settle-memory.ts';
import { startSoundProcess } from '../realtime/sound-process.ts';
import { ControlRow } from './control-row.ts';
import { EarRun } from './ear-run.ts';
import { Pauses } from './pauses.ts';
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

const WARM_PACKETS = 15_000;
/** Ear and control take turns, so that both meet what the machine does meanwhile. */
const TURNS = 20;
/** Packets by whose median the control is made as long. */
const TRIAL_PACKETS = 2_000;

/** Plays `packets` packets as fast as it can, after as many as the compiler needs. */
export async function measureEar(packetFrames: number, packets: number): Promise<EarCost> {
  const clock = threadClock();
  const rest = new Int32Array(new SharedArrayBuffer(4));
  const ear = new EarRun(packetFrames, packets, clock);
  ear.run(WARM_PACKETS + TRIAL_PACKETS, rest);
  const control = new ControlRow(packets, ear.figures().usP50, clock);
  control.run(packets, rest);
  control.clear();
  ear.clear();
  // As the engine does once it is warm and before it plays.
  settleMemory();
  const pauses = new Pauses();
  let grownBytes = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const count = Math.floor(((turn + 1) * packets) / TURNS) - Math.floor((turn * packets) / TURNS);
    const before = process.memoryUsage().heapUsed;
    ear.run(count, rest);
    grownBytes += (process.memoryUsage().heapUsed - before) / packets;
    control.run(count, rest);
  }
  const { collections, collectionUsWorst, isWithin } = await pauses.end();
  return {
    packetFrames,
    packets,
    ...ear.figures(),
    ...control.figures(),
    collections,
    collectionUsWorst,
    isWorstCollected: isWithin(ear.worstBeganMs, ear.worstBeganMs + ear.worstUs / 1000),
    packetUs: ear.packetUs,
    grownBytes,
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
