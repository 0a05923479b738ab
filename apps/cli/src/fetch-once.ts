import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { askOnce, isKeyedPath, type WholeAnswer } from '@jamnet/studio/api';

interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks a studio; null where no whole answer comes. What takes an Idempotency-Key is done once, however often it has to be sent. */
export function fetchOnce(url: URL, init: FetchInit): Promise<WholeAnswer | null> {
  const key = isKeyedPath(init.method, url.pathname) ? randomUUID() : null;
  return askOnce<FetchInit>({ fetch, wait }, url.href, init, key);
}
