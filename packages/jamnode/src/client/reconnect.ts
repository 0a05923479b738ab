import type { OnEvent } from './events.ts';

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

/** Runs session after session until the signal; waits longer after each that brought nothing. Answers all results sent. */
export async function reconnect(
  session: () => Promise<{ sent: number; reason: string }>,
  signal: AbortSignal,
  onEvent: OnEvent,
): Promise<number> {
  let sent = 0;
  for (let retryMs = RETRY_MS_MIN; !signal.aborted; retryMs = Math.min(RETRY_MS_MAX, 2 * retryMs)) {
    const ended = await session();
    sent += ended.sent;
    if (ended.sent > 0) retryMs = RETRY_MS_MIN;
    if (signal.aborted) break;
    onEvent({ type: 'disconnected', reason: ended.reason, retryMs });
    await sleep(retryMs, signal);
  }
  return sent;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
