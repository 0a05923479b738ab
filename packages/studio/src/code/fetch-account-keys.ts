/** What is read of an answer; a longer one is refused by who checks the keys. */
const KEYS_BYTES_MAX = (256 << 10) + 1;
const FETCH_MS_MAX = 10_000;

/**
 * What a forge publishes of an account's keys; `null` where it gives no good answer in time. Follows no redirect: whom the address
 * names is who is asked.
 */
export async function fetchAccountKeys(address: string): Promise<string | null> {
  try {
    const init = { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS_MAX) } as const;
    const { ok, body } = await fetch(address, init);
    if (!ok || body === null) {
      await body?.cancel();
      return null;
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      // Leaving the loop ends the download.
      if (bytes >= KEYS_BYTES_MAX) break;
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    // No line, a redirect, or too slow: whoever asked says what to do.
    return null;
  }
}
