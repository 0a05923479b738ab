import { timingSafeEqual } from 'node:crypto';
import type { SignedIn } from '@jamnet/accounts';
import type { FastifyRequest } from 'fastify';
import type { StudioServices } from '../services.ts';

/** Who sends a request. */
export type Asker =
  | { readonly kind: 'nobody' }
  /** Carries a bearer token that is not the operator's. */
  | { readonly kind: 'stranger' }
  /** Carries the operator's token from the data directory. */
  | { readonly kind: 'token' }
  | ({ readonly kind: 'member' } & SignedIn);

declare module 'fastify' {
  interface FastifyRequest {
    /** Known before any route runs. */
    asker: Asker;
  }
}

const NOBODY: Asker = { kind: 'nobody' };

export async function askerOf(request: FastifyRequest, services: StudioServices): Promise<Asker> {
  const { authorization, cookie, origin } = request.headers;
  if (authorization !== undefined) {
    return { kind: isToken(authorization, services.operatorToken) ? 'token' : 'stranger' };
  }
  if (cookie === undefined) return NOBODY;
  // Browsers name the page that sends a change, and the server has refused other sites' pages: what names none is no page.
  const onlyLooks = request.method === 'GET' || request.method === 'HEAD';
  if (!onlyLooks && origin === undefined) return NOBODY;
  const member = await services.accounts.signedIn(headersOf(request));
  return member === null ? NOBODY : { kind: 'member', ...member };
}

/** What accounts look at. Whose address a proxy forwards, or which host, is not for the sender to say: it stays outside. */
const ACCOUNT_HEADERS = ['cookie', 'host', 'origin', 'referer', 'user-agent'] as const;

/** A request's headers as the Fetch API has them, as far as accounts look at them. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const name of ACCOUNT_HEADERS) {
    // The host is the one that was judged: a trusted proxy may have said it in a header of its own.
    const value = name === 'host' ? request.host : request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

function isToken(authorization: string, token: string): boolean {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
