import { BackgroundFailures } from '../mesh/background-failures.ts';
import type { ObjectKeeper } from './object-keeper.ts';

/** How long a new take may be in the data directory alone. */
const PASS_EVERY_MS = 60_000;

/** Lets the keeper pass at once and then every minute; a store that is away is told once and waited for. Answers what ends it. */
export function runKeeper(keeper: ObjectKeeper, tell: (error: unknown) => void): () => Promise<void> {
  const failures = new BackgroundFailures(tell);
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      try {
        await keeper.keep();
        failures.worked();
      } catch (error) {
        failures.failed(error);
      }
      await pause(stopped);
    }
  })();
  return async () => {
    isStopped = true;
    stop();
    await running;
  };
}

function pause(stopped: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PASS_EVERY_MS);
  });
  return Promise.race([passed, stopped]).finally(() => clearTimeout(timer));
}
