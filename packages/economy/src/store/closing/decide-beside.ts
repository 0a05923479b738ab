import { Worker } from 'node:worker_threads';
import { Failure, type Result } from '@jamnet/base';
import type { EconomyCode } from '../codes.ts';
import type { CloseMessage, CloseOrder } from './close-thread.ts';
import type { ClosePhase, DecidedEpoch } from './decide-epoch.ts';

/** What a close makes and forgets is small: more room for it was seen to cost 100 MB and to save no time. */
const YOUNG_MEGABYTES_MAX = 32;

/** The same as `decideEpoch`, in a thread of its own over an SQLite file. */
export function decideBeside(
  order: CloseOrder,
  onPhase: (phase: ClosePhase, seconds: number) => void,
): Promise<Result<DecidedEpoch, EconomyCode>> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./close-thread.ts', import.meta.url), {
      workerData: order,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX },
    });
    thread.on('message', (message: CloseMessage) => {
      if ('phase' in message) onPhase(message.phase, message.seconds);
      else resolve(message.decided);
    });
    const failed = (cause: unknown): void =>
      reject(
        new Failure('close-thread-failed', 'The thread that decides the epoch stopped: close again.', {
          cause,
        }),
      );
    thread.on('error', failed);
    // After an answer this changes nothing.
    thread.on('exit', failed);
  });
}
