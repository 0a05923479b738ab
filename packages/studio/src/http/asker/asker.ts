import { timingSafeEqual } from 'node:crypto';
import { type SignedIn, TOKEN_PREFIX } from '@jamnet/accounts';
import { Failure } from '@jamnet/base';
import type { FastifyRequest } from 'fastify';
import { scopeOf } from '../contracts/scopes.ts';
import type { StudioServices } from '../services.ts';

/** Who sends a request. */
export type Asker =
  | { readonly kind: 'nobody' }
  /** Carries a bearer token that is not the operator's. */
  | { readonly kind: 'stranger' }
  /** Carries the operator's token from the data directory. */
  | { readonly kind: 'token' }
  /** A member's program, whose API token does not reach here; `scope` is what would, null: no token does. */
  | { readonly kind: 'narrow'; readonly scope: string | null }
  /** In a browser that has just signed in, ways to stay in may be changed. */
  | ({ readonly kind: 'member'; readonly isFresh: boolean } & SignedIn);

declare module 'fastify' {
  interface FastifyRequest {
    /** Known before any route runs. */
    asker: Asker;
  }
}

/** Letters of an API token, and room for longer ones. */
const TOKEN_LENGTH_MAX = 128;

const NOBODY: Asker = { kind: 'nobody' };

export async function askerOf(request: FastifyRequest, services: StudioServices): Promise<Asker> {
  const { authorization, cookie, origin } = request.headers;
  if (authorization !== undefined) {
    if (isToken(authorization, services.operatorToken)) return { kind: 'token' };
    return programOf(request, authorization, services);
  }
  if (cookie === undefined) return NOBODY;
  // Browsers name the page that sends a change, and the server has refused other sites' pages: what names none is no page.
  const onlyLooks = request.method === 'GET' || request.method === 'HEAD';
  if (!onlyLooks && origin === undefined) return NOBODY;
  const member = await services.accounts.signedIn(headersOf(request));
  return member === null ? NOBODY : { kind: 'member', ...member };
}

/** The member whose API token a request carries, as far as its scopes reach. */
async function programOf(
  { method, routeOptions }: FastifyRequest,
  authorization: string,
  { accounts }: StudioServices,
): Promise<Asker> {
  const secret = authorization.replace(/^Bearer /, '');
  const isOne = secret.startsWith(TOKEN_PREFIX) && secret.length <= TOKEN_LENGTH_MAX;
  const program = isOne ? await accounts.byApiToken(secret) : null;
  if (program === null) return { kind: 'stranger' };
  const { contract } = routeOptions.config;
  const scope = contract ? scopeOf(method, contract) : null;
  if (scope === null || !program.scopes.includes(scope)) return { kind: 'narrow', scope };
  const { memberId, name, role, payee } = program;
  return { kind: 'member', memberId, name, role, payee, isFresh: false };
}

export type MemberAsker = Extract<Asker, { kind: 'member' }>;

/** Behind a gate that lets members in only, there is one. */
export function memberOf({ asker }: FastifyRequest): MemberAsker {
  if (asker.kind !== 'member') throw new Failure('not-signed-in', 'Sign in first.');
  return asker;
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
