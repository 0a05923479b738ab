import { parentPort, workerData } from 'node:worker_threads';
import { ALARM_CELLS, monotonicUs } from './alarm-cells.ts';

/** Sleeping ends this early and the rest is spun: a wake-up costs about 0.05–0.1 ms. */
const SPIN_US = 120;

const cells = new Int32Array(workerData as SharedArrayBuffer); // written by alarm.ts
const due = new Float64Array(workerData as SharedArrayBuffer, ALARM_CELLS.dueAt, 1);

for (;;) {
  const set = Atomics.load(cells, ALARM_CELLS.set);
  if (Atomics.load(cells, ALARM_CELLS.stop) === 1) break;
  if (Atomics.load(cells, ALARM_CELLS.rung) === set) {
    Atomics.wait(cells, ALARM_CELLS.set, set);
    continue;
  }
  const dueUs = due[0] ?? 0;
  const sleepUs = dueUs - monotonicUs() - SPIN_US;
  if (sleepUs > 0 && Atomics.wait(cells, ALARM_CELLS.set, set, sleepUs / 1000) !== 'timed-out') continue;
  while (monotonicUs() < dueUs && Atomics.load(cells, ALARM_CELLS.set) === set);
  if (Atomics.load(cells, ALARM_CELLS.set) !== set) continue;
  Atomics.store(cells, ALARM_CELLS.rung, set);
  parentPort?.postMessage(set);
}
