import { parentPort, workerData } from 'node:worker_threads';

/** What the metronome's thread is given. Times are of the monotonic clock that all threads of a machine share. */
interface Beat {
  readonly firstUs: number;
  readonly periodUs: number;
  /** Set to 1 and notified to end the thread. */
  readonly stop: SharedArrayBuffer;
}

/** Sleeping ends this early and the rest is spun: a wake-up costs about 0.05–0.1 ms. */
const SPIN_US = 120;

const { firstUs, periodUs, stop } = workerData as Beat; // written by metronome.ts
const flag = new Int32Array(stop);

function monotonicUs(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

for (let beat = 0; Atomics.load(flag, 0) === 0; beat++) {
  const dueUs = firstUs + beat * periodUs;
  const sleepUs = dueUs - monotonicUs() - SPIN_US;
  if (sleepUs > 0 && Atomics.wait(flag, 0, 0, sleepUs / 1000) !== 'timed-out') break;
  while (monotonicUs() < dueUs);
  parentPort?.postMessage(beat);
}
