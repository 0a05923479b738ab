import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from './server.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

const ASKERS = ['nobody', 'stranger', 'member', 'curator', 'auditor', 'operator', 'token'] as const;
type Asker = (typeof ASKERS)[number];

/** Whom each kind of door lets in. What a signature, a link or a join token opens is open here: its own tests try those. */
const LETS_IN = {
  open: ASKERS,
  members: ['member', 'curator', 'auditor', 'operator'],
  membersOrToken: ['member', 'curator', 'auditor', 'operator', 'token'],
  readers: ['auditor', 'operator', 'token'],
  operator: ['operator', 'token'],
  judges: ['curator', 'token'],
  judgesAndReaders: ['curator', 'auditor', 'operator', 'token'],
} as const satisfies Record<string, readonly Asker[]>;

/** Every route of the studio but the app's files and HEAD, which Fastify answers as GET. A new route is refused here until it has its place. */
const DOORS: Readonly<Record<keyof typeof LETS_IN, readonly string[]>> = {
  open: [
    'GET /public/*',
    'GET /metrics',
    'GET /api/state',
    'GET /api/events',
    'GET /api/ledger/entries',
    'GET /api/ledger/entries/:index/proof',
    'GET /api/ledger/entries/:index/promise',
    'GET /api/ledger/entries/:index/receipt',
    'GET /api/wallets/:payee', // On this machine only: the test below.
    'GET /api/takes/:id/peaks',
    'GET /api/takes/:id/audio/:file',
    'POST /api/audit',
    'GET /api/policy',
    'GET /api/perks',
    'GET /api/relays',
    'GET /api/models',
    'GET /api/models/:sha256',
    'POST /api/relays/heartbeat',
    'POST /api/nodes/pair',
    'POST /api/nodes/farm',
    'POST /api/room/look',
    'POST /api/room/enter',
    'POST /api/room/where',
    'POST /api/room/offer',
    'GET /api/groove/performances',
    'GET /api/groove/performances/:performance',
    'POST /api/groove/performances/:performance/start',
    'POST /api/groove/performances/:performance/bars',
    'POST /api/groove/performances/:performance/commitments',
    'POST /api/groove/performances/:performance/reveals',
    'POST /api/hardware/claims',
    'POST /api/hardware/sessions',
    'GET /reports',
    'GET /reports/',
    'GET /reports/reports.css',
    'GET /reports/price',
    'GET /reports/leaderboard',
    'GET /reports/epochs/:epoch',
    'GET /reports/code',
    'GET /reports/code/:slug',
    'GET /reports/code/:slug/file',
    'GET /reports/code/:slug/people/:person',
    'GET /api/reports/success',
    'GET /api/reports/price',
    'GET /api/reports/leaderboard',
    'POST /api/webhooks/stripe',
    'POST /api/webhooks/orders',
    'POST /api/webhooks/stripe-connect',
    'POST /api/webhooks/git/:forge',
    'GET /api/account',
    'POST /api/account/name',
    'GET /api/auth/passkey/generate-register-options',
    'POST /api/auth/passkey/verify-registration',
    'GET /api/auth/passkey/generate-authenticate-options',
    'POST /api/auth/passkey/verify-authentication',
    'POST /api/auth/recovery/sign-in',
    'POST /api/auth/sign-out',
  ],
  members: [
    'GET /api/account/wallet',
    'POST /api/account/redemptions',
    'GET /api/account/machines',
    'GET /api/account/rooms',
    'POST /api/account/rooms',
    'POST /api/account/machines/codes',
    'GET /api/auth/list-sessions',
    'POST /api/auth/revoke-other-sessions',
    'GET /api/auth/passkey/list-user-passkeys',
    'POST /api/auth/passkey/update-passkey',
    'POST /api/auth/passkey/remove',
    'POST /api/auth/recovery/make',
  ],
  membersOrToken: ['POST /api/groove/performances'],
  readers: [
    'GET /api/acts',
    'GET /api/mesh/status',
    'GET /api/training/takes',
    'GET /api/training/round',
    'GET /api/epochs/:epoch/preview',
    'GET /api/code/epochs/:epoch',
    'GET /api/rates',
    'GET /api/valuations',
    'GET /api/tenants/:tenant/seats',
    'GET /api/hardware/orders',
    'GET /api/payouts',
    'GET /api/payouts/plan',
    'GET /api/redemptions',
    'GET /api/wallets/:payee/explained',
    'GET /api/reports/statements/:payee/:epoch',
  ],
  operator: [
    'GET /api/members',
    'POST /api/training/takes/:sha256/revoke',
    'POST /api/training/takes/:sha256/restore',
    'POST /api/training/round',
    'POST /api/members/invitations',
    'POST /api/members/:member/role',
    'DELETE /api/members/:member',
    'POST /api/redemptions',
    'POST /api/redemptions/:id/cancel',
    'POST /api/redemptions/run',
    'POST /api/epochs',
    'POST /api/epochs/:epoch/close',
    'POST /api/rooms/:room/join',
    'POST /api/rooms/:room/invitations',
    'POST /api/nodes/codes',
    'POST /api/policies',
    'POST /api/receipts',
    'POST /api/rates',
    'POST /api/valuations',
    'POST /api/seats',
    'POST /api/seats/end',
    'POST /api/hardware/orders',
    'POST /api/hardware/refunds',
    'POST /api/hardware/orders/:order/codes',
    'GET /api/payees/:payee',
    'POST /api/payees/:payee',
    'POST /api/payees/:payee/checks',
    'POST /api/payees/:payee/holds',
    'POST /api/payees/:payee/releases',
    'POST /api/payees/:payee/export',
    'POST /api/payees/:payee/erase',
    'GET /api/payees/:payee/perks',
    'POST /api/payouts/send',
    'POST /api/payouts/ask',
    'POST /api/payouts/answers',
    'POST /api/liquidity',
    'POST /api/liquidity/convert',
    'GET /reports/statements/:payee/:file', // Or by a signed link.
    'POST /api/reports/links',
    'GET /api/reports/tax/:year',
    'POST /api/reports/cap-table',
    'PUT /api/names/:payee',
    'DELETE /api/names/:payee',
    'POST /api/perks',
    'POST /api/perks/settle',
    'GET /api/perks/:id/journal',
    'POST /api/perks/:id/use',
    'POST /api/perks/:id/revoke',
    'POST /api/perks/discounts',
    'POST /api/code/epochs/:epoch',
    'POST /api/code/escrow',
    'HEAD /api/archive/chunks/:sha256',
    'PUT /api/archive/chunks/:sha256',
    'PUT /api/archive/takes/:sha256',
    'GET /api/archive/takes',
    'GET /api/archive/takes/:sha256',
    'GET /api/room/takes', // Or by a join token, as the four before it.
    'POST /api/room/recording',
  ],
  judges: [
    'POST /api/bounties/:id/decisions',
    'GET /api/curation',
    'GET /api/curation/pairs/:pair/sound/:side',
    'POST /api/curation/pairs/:pair/answer',
    'POST /api/curation/releases/:version/verdicts',
  ],
  judgesAndReaders: ['GET /api/bounties', 'GET /api/bounties/:id', 'GET /api/curation/releases'],
};

const PARAMETERS: Readonly<Record<string, string>> = {
  payee: `p${'0'.repeat(32)}`,
  epoch: 'none',
  index: '0',
  id: '0'.repeat(32),
  pair: '0'.repeat(32),
  version: '1',
  person: '0'.repeat(32),
  sha256: '0'.repeat(64),
  file: 'heard.wav',
  year: '2026',
  forge: 'github',
};

/** Where the body is judged before the asker. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /api/auth/passkey/update-passkey': { id: 'none', name: 'none' },
};

/** What a gate says; any other refusal comes from behind it. */
const GATE_CODES = ['token-missing', 'token-wrong', 'role-missing', 'not-signed-in', 'unauthorized'];

type Askers = Readonly<Record<Asker, Headers>>;

let house: StudioWithMembers;

beforeAll(async () => {
  house = await openStudioWithMembers();
});
afterAll(() => house.close());

/** What each asker sends along; members have just joined. */
async function newAskers(): Promise<Askers> {
  const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });
  return {
    nobody: new Headers({ origin: house.origin }),
    stranger: bearer('guessed'),
    member: (await house.memberWith('member')).headers,
    curator: (await house.memberWith('curator')).headers,
    auditor: (await house.memberWith('auditor')).headers,
    operator: (await house.memberWith('operator')).headers,
    token: bearer(house.token),
  };
}

async function allRoutes(): Promise<string[]> {
  const routes: string[] = [];
  const server = createServer(house.studio.services, ({ method, url }) => {
    for (const each of [method].flat()) routes.push(`${each} ${url}`);
  });
  await server.ready();
  await server.close();
  const isOfGet = (route: string) =>
    route.startsWith('HEAD ') && routes.includes(route.replace('HEAD', 'GET'));
  // The app's own files are there when it was built, and open.
  return routes.filter((route) => !isOfGet(route) && route !== 'GET /*');
}

async function isLetIn(askers: Askers, route: string, asker: Asker): Promise<boolean> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern
    .replaceAll(/:(\w+)/g, (_, name: string) => PARAMETERS[name] ?? 'none')
    .replace('*', 'none');
  const headers = new Headers(askers[asker]);
  const hasBody = method === 'POST' || method === 'PUT';
  if (hasBody) headers.set('content-type', 'application/json');
  const answer = await fetch(`${house.origin}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(hasBody ? { body: JSON.stringify(BODIES[route] ?? {}) } : {}),
  });
  expect(answer.status, `${route} for ${asker}`).not.toBe(500);
  expect(answer.status, `${route} for ${asker}`).not.toBe(429);
  const isRefused = answer.status === 401 || answer.status === 403;
  if (!isRefused || method === 'HEAD' || !answer.headers.get('content-type')?.includes('json')) {
    await answer.body?.cancel();
    return !isRefused;
  }
  const { code } = (await answer.json()) as { code: string };
  return !GATE_CODES.includes(code);
}

test('every route has its place in the table of doors, and the table names no route that is gone', async () => {
  expect((await allRoutes()).sort()).toEqual(Object.values(DOORS).flat().sort());
});

test('every door lets in whom the table says, and nobody else', async () => {
  const askers = await newAskers();
  // Signing out ends what the other questions need.
  const isLast = (route: string) => Number(route.endsWith('/sign-out'));
  const rows = Object.entries(DOORS).flatMap(([door, routes]) => routes.map((route) => ({ route, door })));
  rows.sort((a, b) => isLast(a.route) - isLast(b.route));
  for (const { route, door } of rows) {
    const letIn: Asker[] = [];
    for (const asker of ASKERS) if (await isLetIn(askers, route, asker)) letIn.push(asker);
    expect(letIn, route).toEqual(LETS_IN[door as keyof typeof LETS_IN]);
  }
}, 60_000);

test("somebody's wallet is shown on this machine, and behind a proxy only to who reads the books", async () => {
  const askers = await newAskers();
  const ask = async (asker: Asker, name: string): Promise<number> => {
    const headers = new Headers(askers[asker]);
    headers.set(name, 'for=192.0.2.1');
    return (await fetch(`${house.origin}/api/wallets/${PARAMETERS.payee}`, { headers })).status;
  };
  for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']) {
    const seen = new Map<Asker, number>();
    for (const asker of ASKERS) seen.set(asker, await ask(asker, name));
    expect(Object.fromEntries(seen), name).toEqual({
      ...{ nobody: 401, stranger: 401, member: 403, curator: 403 },
      // There is no such payee here.
      ...{ auditor: 404, operator: 404, token: 404 },
    });
  }
  expect(await ask('nobody', 'accept')).toBe(404);
});
