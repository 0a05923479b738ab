import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTRACTS_BY_AREA } from './contracts/all.ts';
import { ASKERS, type AskerName } from './contracts/doors.ts';
import { SCOPES } from './contracts/scopes.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

const PARAMETERS: Readonly<Record<string, string>> = {
  payee: `p${'0'.repeat(32)}`,
  epoch: 'none',
  index: '0',
  node: `n${'0'.repeat(32)}`,
  id: '0'.repeat(32),
  token: `t${'0'.repeat(16)}`,
  pair: '0'.repeat(32),
  partner: '0'.repeat(16),
  number: '1',
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
const GATE_CODES = [
  'token-missing',
  'token-wrong',
  'role-missing',
  'not-signed-in',
  'unauthorized',
  'scope-missing',
];

type Askers = Readonly<Record<AskerName, Headers>>;

/** A route and whom its description lets in. */
interface Row {
  readonly route: string;
  readonly area: string | undefined;
  readonly letsIn: readonly string[];
  readonly security: readonly object[];
}

let house: StudioWithMembers;
/** Another, which has its own count of requests: all of them come from one address here. */
let second: StudioWithMembers;
let askers: Askers;
let rows: readonly Row[];

beforeAll(async () => {
  [house, second] = [await openStudioWithMembers(), await openStudioWithMembers()];
  askers = await newAskers(house);
  rows = await allRows();
});
afterAll(async () => {
  await house.close();
  await second.close();
});

/** What each asker sends along; members have just joined. */
async function newAskers(house: StudioWithMembers): Promise<Askers> {
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

/** Every route as the studio describes it. */
async function allRows(): Promise<Row[]> {
  const answer = await fetch(`${house.origin}/api/openapi.json`);
  const { paths } = (await answer.json()) as {
    paths: Record<
      string,
      Record<string, { tags: readonly string[]; 'x-lets-in': readonly string[]; security: readonly object[] }>
    >;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      area: operation.tags[0],
      letsIn: operation['x-lets-in'],
      security: operation.security,
    })),
  );
}

async function isLetIn(askers: Askers, route: string, asker: AskerName): Promise<boolean> {
  return isAnswered(house, askers[asker], route, asker);
}

async function isAnswered(
  house: StudioWithMembers,
  by: Headers,
  route: string,
  asker = 'a program',
): Promise<boolean> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => PARAMETERS[name] ?? 'none');
  const headers = new Headers(by);
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

// Signing out ends what the other questions need: the area that has it comes last.
const areas = Object.keys(CONTRACTS_BY_AREA).sort(
  (a, b) => Number(a === 'account') - Number(b === 'account'),
);
test.each(areas)(
  'every door of the area %s lets in whom its description says, and nobody else',
  async (area) => {
    const isLast = ({ route }: Row) => Number(route.endsWith('/sign-out'));
    const own = rows.filter((row) => row.area === area).sort((a, b) => isLast(a) - isLast(b));
    expect(own).not.toEqual([]);
    for (const { route, letsIn: told } of own) {
      const letIn: AskerName[] = [];
      for (const asker of ASKERS) if (await isLetIn(askers, route, asker)) letIn.push(asker);
      expect(letIn, route).toEqual(told);
    }
  },
);

test.each(areas)(
  'an API token with every scope reaches what its member reaches in the area %s, one without this area nothing that is not open',
  async (area) => {
    const { accounts } = second.studio.services;
    const { headers } = await second.memberWith('operator');
    const operator = await accounts.signedIn(headers);
    const tokenOf = async (scopes: readonly string[]): Promise<Headers> => {
      const made = await accounts.makeApiToken(operator?.memberId ?? '', { name: area, scopes, days: 1 });
      if (!made.ok) throw new Error(made.message);
      return new Headers({ authorization: `Bearer ${made.value.secret}` });
    };
    const wide = await tokenOf(SCOPES);
    const narrow = await tokenOf(SCOPES.filter((scope) => !scope.startsWith(`${area}:`)));
    for (const { route, letsIn, security } of rows.filter((row) => row.area === area)) {
      const isOpen = letsIn.includes('nobody');
      const isForTokens = security.some((way) => 'apiToken' in way) && letsIn.includes('operator');
      expect(await isAnswered(second, wide, route), `${route} with every scope`).toBe(isOpen || isForTokens);
      expect(await isAnswered(second, narrow, route), `${route} without ${area}`).toBe(isOpen);
    }
  },
);

test("somebody's wallet is shown on this machine, and behind a proxy only to who reads the books", async () => {
  const askers = await newAskers(second);
  const ask = async (asker: AskerName, name: string): Promise<number> => {
    const headers = new Headers(askers[asker]);
    headers.set(name, 'for=192.0.2.1');
    return (await fetch(`${second.origin}/api/wallets/${PARAMETERS.payee}`, { headers })).status;
  };
  for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']) {
    const seen = new Map<AskerName, number>();
    for (const asker of ASKERS) seen.set(asker, await ask(asker, name));
    expect(Object.fromEntries(seen), name).toEqual({
      ...{ nobody: 401, stranger: 401, member: 403, curator: 403 },
      // There is no such payee here.
      ...{ auditor: 404, operator: 404, token: 404 },
    });
  }
  expect(await ask('nobody', 'accept')).toBe(404);
});
