import type { Result } from '@jamnet/base';
import { allPages } from '../api/all-pages.ts';
import { type FetchCode, fetchJson } from '../api/fetch-json.ts';
import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, count, flag, list, oneOf, orNull, record, type Shape, text } from '../api/shape.ts';

export const ROLES = ['member', 'curator', 'auditor', 'operator'] as const;
export type Role = (typeof ROLES)[number];

export interface Me {
  readonly memberId: string;
  readonly name: string;
  readonly role: Role;
  readonly recoveryCodesLeft: number;
}

export interface Passkey {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: string | null;
  readonly backedUp: boolean;
}

export interface Session {
  readonly token: string;
  readonly createdAt: string;
  readonly userAgent: string | null;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly passkeys: number;
}

export interface OwnRoom {
  readonly room: string;
  /** Decimal. */
  readonly madeAtUs: string;
}

type Asked<T> = Promise<Result<T, FetchCode>>;

const role = oneOf(...ROLES);
/** A field that an answer may leave out. */
const orAbsent =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, path) =>
    orNull(shape)(value ?? null, path);
/** Answers of which only the success matters. */
const anything: Shape<unknown> = () => null;

const me = record<Me>({ memberId: text, name: text, role, recoveryCodesLeft: count });
const passkey = record<Passkey>({
  id: text,
  name: orAbsent(text),
  createdAt: orAbsent(text),
  backedUp: flag,
});
const session = record<Session>({ token: text, createdAt: text, userAgent: orAbsent(text) });
const member = record<Member>({ id: text, name: text, role, passkeys: count });

export interface Erasure {
  readonly balanceMicroJam: string;
  readonly payableCents: string;
  readonly inTheWay: readonly ('payout-under-way' | 'redemption-open' | 'last-operator')[];
}
const erasure = record<Erasure>({
  balanceMicroJam: amount,
  payableCents: amount,
  inTheWay: list(oneOf('payout-under-way', 'redemption-open', 'last-operator')),
});

/** What better-auth answers is its own, and no contract's. */
function change<T>(path: string, shape: Shape<T>, body: object = {}): Asked<T> {
  return fetchJson(path, shape, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export const account = {
  me: (): Asked<{ signedIn: Me | null }> => fetchRoute('GET /api/account', record({ signedIn: orNull(me) })),
  name: (token: string, name: string) => sendRoute('POST /api/account/name', anything, { token, name }),
  signOut: () => change('/api/auth/sign-out', anything),
  passkeys: (): Asked<readonly Passkey[]> => fetchJson('/api/auth/passkey/list-user-passkeys', list(passkey)),
  namePasskey: (id: string, name: string) =>
    change('/api/auth/passkey/update-passkey', anything, { id, name }),
  removePasskey: (id: string) => change('/api/auth/passkey/remove', anything, { id }),
  sessions: (): Asked<readonly Session[]> => fetchJson('/api/auth/list-sessions', list(session)),
  endOtherSessions: () => change('/api/auth/revoke-other-sessions', anything),
  /** What would be given up with the account, and what must end first. */
  erasure: () => fetchRoute('GET /api/account/erasure', erasure),
  erase: (said: { readonly name: string; readonly balanceMicroJam: string; readonly payableCents: string }) =>
    sendRoute('POST /api/account/erase', anything, said),
  makeRecoveryCodes: () => change('/api/auth/recovery/make', record({ codes: list(text) })),
  signInByCode: (code: string) => change('/api/auth/recovery/sign-in', record({ left: count }), { code }),
};

export const members = {
  list: async (): Asked<{ members: readonly Member[] }> => {
    const shape = record({ members: list(member), next: orNull(text) });
    const every = await allPages(async (query) => {
      const page = await fetchRoute('GET /api/members', shape, { query: { ...query } });
      return page.ok ? { ...page, value: { rows: page.value.members, next: page.value.next } } : page;
    });
    return every.ok ? { ...every, value: { members: every.value } } : every;
  },
  invite: (invited: Role) =>
    sendRoute('POST /api/members/invitations', record({ path: text, days: count }), { role: invited }),
  setRole: (id: string, wanted: Role) =>
    sendRoute('POST /api/members/:member/role', anything, { role: wanted }, { params: { member: id } }),
  remove: (id: string) => fetchRoute('DELETE /api/members/:member', anything, { params: { member: id } }),
};

export const own = {
  rooms: (): Asked<{ rooms: readonly OwnRoom[] }> =>
    fetchRoute('GET /api/account/rooms', record({ rooms: list(record({ room: text, madeAtUs: amount })) })),
  /** Makes the room, if it is nobody's yet, and a link into it. */
  inviteToRoom: (room: string) =>
    sendRoute('POST /api/account/rooms', record({ room: text, path: text, expiresAtUs: amount }), { room }),
};
