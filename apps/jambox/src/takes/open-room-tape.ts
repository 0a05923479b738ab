import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure } from '@jamnet/base';
import { DONE_CELL, RoomTape, type RoomTapeOptions, type TapeAnswer } from '@jamnet/jdat';

/** The first of PLAYER.jdat, PLAYER-2.jdat, … that is not there: an earlier take, perhaps cut off, is nobody's to overwrite. */
function freeFile(directory: string, player: string): string {
  for (let n = 1; ; n++) {
    const file = join(directory, n === 1 ? `${player}.jdat` : `${player}-${n}.jdat`);
    if (!existsSync(file)) return file;
  }
}

interface OpenTape {
  readonly tape: RoomTape;
  /** Closes the take; its file, or an empty text where nothing was recorded. */
  ended(): Promise<string>;
  /** Gives up at once: what was written stays, cut off. */
  stop(): void;
}

/** A tape whose writer is a thread of its own. Open it before the calling thread's priority is raised: threads inherit it. */
export function openRoomTape(options: Omit<RoomTapeOptions, 'file'>): OpenTape {
  mkdirSync(options.directory, { recursive: true });
  const done = new SharedArrayBuffer(4);
  const cells = new Int32Array(done);
  const worker = new Worker(new URL('./recorder-worker.ts', import.meta.url), {
    workerData: { done },
    execArgv: [],
  });
  const answer = new Promise<TapeAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => resolve({ type: 'failed', message: 'its thread ended early' }));
  });
  // Whoever waits for the end hears of a failure; until then nobody does.
  answer.catch(() => undefined);
  const file = freeFile(options.directory, options.player);
  const tape = new RoomTape(
    { ...options, file },
    {
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      get done() {
        return Atomics.load(cells, DONE_CELL);
      },
    },
  );
  const ended = async (): Promise<string> => {
    tape.end();
    const last = await answer;
    await worker.terminate();
    if (last.type === 'ended') return last.file;
    throw new Failure('take-unwritten', `The take could not be written: ${last.message}.`);
  };
  return { tape, ended, stop: () => void worker.terminate() };
}
