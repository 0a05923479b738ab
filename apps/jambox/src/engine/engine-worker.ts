import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from '@jamnet/base';
import { PcmRing } from '../card/pcm-ring.ts';
import { PlaceCell } from '../door/place-cell.ts';
import { localNowUs } from '../local-clock.ts';
import { type EngineJob, type EngineMessage, STOP_CELL } from './engine-message.ts';
import { playEvening } from './play-evening.ts';

/** The engine's thread: it may block, for nothing else runs in it. */
const { options, stop, place, pipes } = workerData as EngineJob; // written by run-peer.ts
const cells = new Int32Array(stop);
const moves = new PlaceCell(place);

function tell(message: EngineMessage): void {
  parentPort?.postMessage(message);
}

function ringIn(memory: SharedArrayBuffer | null): PcmRing | null {
  return memory === null ? null : new PcmRing(memory);
}

try {
  const rings = { source: ringIn(pipes.source), sink: ringIn(pipes.sink) };
  const report = await playEvening(options, rings, {
    nowUs: localNowUs,
    newRelay: () => moves.read(),
    onRelay: (state) => tell({ type: 'relay', state }),
    isStopAsked: () => Atomics.load(cells, STOP_CELL) === 1,
    onMetrics: (metrics) => tell({ type: 'metrics', metrics }),
  });
  tell({ type: 'report', report });
} catch (error) {
  const code = error instanceof Failure ? error.code : 'unexpected';
  tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
}
