import { ok, type Result, refuse } from '@jamnet/base';
import type { Field } from './static-table.ts';

/** An extended CONNECT that asks for WebTransport (RFC 9220, draft-ietf-webtrans-http3). */
export interface WebTransportRequest {
  readonly authority: string;
  readonly path: string;
  /** Absent only from programs that are no browser. */
  readonly origin: string;
}

const PSEUDO: ReadonlySet<string> = new Set([':method', ':protocol', ':scheme', ':authority', ':path']);
/** `webtransport` until draft 14, `webtransport-h3` since. */
const PROTOCOLS: ReadonlySet<string> = new Set(['webtransport', 'webtransport-h3']);

/** Checks the fields by RFC 9114 §4.2–4.3. `null`: a lawful request that is not for WebTransport. */
export function readRequest(
  fields: readonly Field[],
): Result<WebTransportRequest | null, 'request-malformed'> {
  const pseudo = new Map<string, string>();
  let origin: string | null = null;
  let isPastPseudo = false;
  for (const { name, value } of fields) {
    if (name !== name.toLowerCase() || name === '') return malformed('names are in lower case');
    if (name.startsWith(':')) {
      if (isPastPseudo || !PSEUDO.has(name) || pseudo.has(name)) return malformed(`${name} stands wrong`);
      pseudo.set(name, value);
    } else {
      isPastPseudo = true;
      if (name !== 'origin') continue;
      if (origin !== null) return malformed('origin twice');
      origin = value;
    }
  }
  const authority = pseudo.get(':authority');
  const path = pseudo.get(':path');
  if (pseudo.get(':method') === undefined) return malformed('no method');
  if (pseudo.get(':method') !== 'CONNECT' || !PROTOCOLS.has(pseudo.get(':protocol') ?? '')) return ok(null);
  if (pseudo.get(':scheme') !== 'https' || !authority || !path?.startsWith('/'))
    return malformed('scheme, authority or path');
  return ok({ authority, path, origin: origin ?? '' });
}

function malformed(what: string) {
  return refuse('request-malformed', `The request is malformed: ${what}.`);
}
