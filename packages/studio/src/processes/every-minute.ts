import { BackgroundFailures } from './background-failures.ts';

const EVERY_MS = 60_000;

/** Does the work at once, and again a minute after it was done; what fails is told once until it works again. Answers what ends it. */
export function everyMinute(
  work: () => Promise<unknown>,
  tell: (error: unknown) => void,
): () => Promise<void> {
  const failures = new BackgroundFailures(tell);
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      try {
        await work();
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
    timer = setTimeout(resolve, EVERY_MS);
  });
  return Promise.race([passed, stopped]).finally(() => clearTimeout(timer));
}
