import { createHash } from 'node:crypto';

/** SHA-256, hex, of what was sent: JSON without blanks and keys as they came; empty where nothing was. */
export function bodySha256(body: unknown): string {
  if (body === undefined || body === null) return '';
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return createHash('sha256').update(bytes).digest('hex');
}
