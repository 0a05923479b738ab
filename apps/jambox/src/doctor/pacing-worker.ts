import { parentPort, workerData } from 'node:worker_threads';
import { probePacing } from './pacing-probe.ts';

/** A thread of its own, since the probe blocks. */
parentPort?.postMessage(await probePacing(Number(workerData)));
