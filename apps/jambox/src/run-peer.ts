import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure } from '@jamnet/base';
import { pumpIn, pumpOut } from './card/pipe-pump.ts';
import { followRoom } from './door/follow-room.ts';
import { PLACE_BYTES, PlaceCell } from './door/place-cell.ts';
import { type EngineJob, type EngineMessage, STOP_CELL } from './engine/engine-message.ts';
import type { PlayOptions } from './play-options.ts';
import type { LiveMetrics, PlayReport } from './play-report.ts';
import { isSoundProcess, startSoundProcess } from './realtime/sound-process.ts';

export interface PlayHooks {
  /** Called about four times a second. */
  readonly onMetrics?: (metrics: LiveMetrics) => void;
  /** Ends the own stream, leaves the room, and still writes what there is. */
  readonly signal?: AbortSignal;
  /** Where what is heard goes by a pipe; 1, stdout, when absent. */
  readonly outputDescriptor?: number;
}

const STDIN = 0;
const STDOUT = 1;
/** Of a process whose stdout speaks JSON lines. */
export const SOUND_DESCRIPTOR = 3;

/**
 * Joins a room, plays the input WAV into it in real time, hears the others, writes takes and WAV files. All of it runs in a
 * thread of its own, which waits for nothing but the network and the card; in a process of its own where this one was not
 * started as sound needs it.
 */
export async function runPeer(options: PlayOptions, hooks: PlayHooks = {}): Promise<PlayReport> {
  return isSoundProcess() ? await runInThread(options, hooks) : await runInProcess(options, hooks);
}

async function runInThread(options: PlayOptions, hooks: PlayHooks): Promise<PlayReport> {
  const stop = new SharedArrayBuffer(4);
  const askStop = (): void => void Atomics.store(new Int32Array(stop), STOP_CELL, 1);
  if (hooks.signal?.aborted) askStop();
  hooks.signal?.addEventListener('abort', askStop, { once: true });
  const source = options.pipes?.input ? pumpIn(STDIN) : null;
  const sink = options.pipes?.output ? pumpOut(hooks.outputDescriptor ?? STDOUT, askStop) : null;
  const place = new SharedArrayBuffer(PLACE_BYTES);
  const follower = followRoom(options, new PlaceCell(place));
  const job: EngineJob = {
    options,
    stop,
    place,
    pipes: { source: source?.buffer ?? null, sink: sink?.ring.buffer ?? null },
  };
  const worker = new Worker(new URL('./engine/engine-worker.ts', import.meta.url), {
    workerData: job,
    // What the process preloads to mind its parent is for its main thread alone.
    execArgv: [],
  });
  try {
    return await new Promise<PlayReport>((resolve, reject) => {
      worker.on('message', (message: EngineMessage) => {
        if (message.type === 'metrics') hooks.onMetrics?.(message.metrics);
        else if (message.type === 'relay') follower?.[message.state]();
        else if (message.type === 'report') resolve(message.report);
        else reject(new Failure(message.code, message.message));
      });
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new Failure('engine-ended', `The sound engine ended early, with code ${code}.`)),
      );
    });
  } finally {
    hooks.signal?.removeEventListener('abort', askStop);
    follower?.close();
    await worker.terminate();
    sink?.ring.end();
    await sink?.done;
  }
}

/** What `main.ts` prints. */
type PeerLine =
  | LiveMetrics
  | { readonly type: 'report'; readonly report: PlayReport }
  | { readonly type: 'error'; readonly code: string; readonly message: string };

async function runInProcess(options: PlayOptions, hooks: PlayHooks): Promise<PlayReport> {
  // In a file that only we may read: on a command line every user of the machine could read the keys.
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-peer-'));
  const file = join(directory, 'options.json');
  writeFileSync(file, JSON.stringify(options), { mode: 0o600 });
  let askStop = (): void => undefined;
  try {
    return await new Promise<PlayReport>((resolve, reject) => {
      const onLine = (value: unknown): void => {
        const line = value as PeerLine; // our own program's
        if (line.type === 'live') hooks.onMetrics?.(line);
        else if (line.type === 'report') resolve(line.report);
        else reject(new Failure(line.code, line.message));
      };
      const pipes = {
        ...(options.pipes?.input ? { input: STDIN } : {}),
        ...(options.pipes?.output ? { output: hooks.outputDescriptor ?? STDOUT } : {}),
      };
      const child = startSoundProcess(new URL('./main.ts', import.meta.url), file, onLine, pipes);
      child.once('error', reject);
      child.once('close', (code) =>
        reject(new Failure('engine-ended', `The sound engine ended early, with code ${code}.`)),
      );
      askStop = () => void child.kill('SIGTERM');
      if (hooks.signal?.aborted) askStop();
      hooks.signal?.addEventListener('abort', askStop, { once: true });
    });
  } finally {
    hooks.signal?.removeEventListener('abort', askStop);
    rmSync(directory, { recursive: true, force: true });
  }
}
