import { KEY_HEADER, type KeyRefusal } from '../idempotency/takes-key.ts';

/** The line, and how time passes: both of whoever asks. */
interface AskShell<Init> {
  fetch(url: string, init: Init): Promise<{ readonly status: number; text(): Promise<string> }>;
  wait(delayMs: number): Promise<unknown>;
}

/** An answer that came whole. */
export interface WholeAnswer {
  readonly status: number;
  readonly text: string;
}

/** How often a request with a key is sent where no whole answer comes. */
const LOST_MAX = 2;
/** How often one that is still being done is asked for again: first after 250 ms, in the end every 4 s, a minute in all. */
const RUNNING_MAX = 18;
const FIRST_WAIT_MS = 250;
const WAIT_MS_MAX = 4_000;

/**
 * Asks a studio; null where no whole answer comes. With a `key` (null where the route takes none) it is sent again with the same one
 * where the line broke, within the answer too, and as long as the first request is being done: it is done once, and its answer is had.
 */
export async function askOnce<Init extends { readonly headers: Readonly<Record<string, string>> }>(
  shell: AskShell<Init>,
  url: string,
  init: Init,
  key: string | null,
): Promise<WholeAnswer | null> {
  if (key === null) return sendOnce(shell, url, init);
  const keyed = { ...init, headers: { ...init.headers, [KEY_HEADER]: key } };
  let lost = 0;
  let running = 0;
  for (;;) {
    const answer = await sendOnce(shell, url, keyed);
    if (answer === null) {
      if (++lost === LOST_MAX) return null;
    } else {
      if (!isRunning(answer) || running === RUNNING_MAX) return answer;
      await shell.wait(Math.min(FIRST_WAIT_MS * 2 ** running++, WAIT_MS_MAX));
    }
  }
}

async function sendOnce<Init>(
  { fetch }: AskShell<Init>,
  url: string,
  init: Init,
): Promise<WholeAnswer | null> {
  try {
    const answer = await fetch(url, init);
    return { status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}

const RUNNING: KeyRefusal = 'idempotency-key-running';

function isRunning({ status, text }: WholeAnswer): boolean {
  if (status !== 409) return false;
  try {
    return (JSON.parse(text) as { code?: unknown } | null)?.code === RUNNING;
  } catch {
    return false;
  }
}
