import { randomUUID } from 'node:crypto';
import { isKeyedPath } from '@jamnet/studio/api';

interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Asks a studio; null where it does not answer. What takes an Idempotency-Key is sent once more where the line broke, with the
 * same key: it is done once.
 */
export async function fetchOnce(url: URL, init: FetchInit): Promise<Response | null> {
  if (!isKeyedPath(init.method, url.pathname)) return fetch(url, init).catch(() => null);
  const keyed = { ...init, headers: { ...init.headers, 'idempotency-key': randomUUID() } };
  return (await fetch(url, keyed).catch(() => null)) ?? (await fetch(url, keyed).catch(() => null));
}
