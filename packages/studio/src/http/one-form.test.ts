import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEYED_ROUTES } from './client/keyed-routes.ts';
import { CONTRACTS } from './contracts/all.ts';
import { DOORS } from './contracts/doors.ts';
import { takesKey } from './idempotency/takes-key.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

const PARAMETERS: Readonly<Record<string, string>> = {
  payee: `p${'0'.repeat(32)}`,
  node: `n${'0'.repeat(32)}`,
  id: '0'.repeat(32),
  sha256: '0'.repeat(64),
  version: '1',
};

/** Answers that are one thing with its parts, which make no sense page by page. */
const WHOLE: Readonly<Record<string, string>> = {
  'GET /api/wallets/{payee}/explained': 'a balance with the lines that make it, and their proofs',
  'GET /api/reports/statements/{payee}/{epoch}': 'a signed statement',
  'GET /api/reports/tax/{year}': 'the year as it goes to the authority',
  'GET /api/reports/success': 'figures over the epochs that are shown',
  'GET /api/reports/price': 'a curve',
  'GET /api/reports/leaderboard': 'a ranking with its choices',
  'GET /api/payouts/plan': 'what one sending would send, with its totals',
  'GET /api/epochs/{epoch}/preview': 'what one close would pay, with its totals',
  'GET /api/code/epochs/{epoch}': 'what was measured for one epoch',
  'GET /api/books/epochs/{epoch}': 'an epoch by stream and kind',
  'GET /api/ledger/entries/{index}/proof': 'the hashes of one proof, as many as the tree is high',
  'GET /api/takes/{id}/peaks': 'a waveform',
  'GET /api/state': 'the loop as it is now, with limits of its own',
  'GET /api/ready': 'a check for each part of the studio',
  'GET /api/status': 'a check for each part of the studio',
  'GET /api/bounties/{id}': 'one bounty with whom it would pay',
};

interface OperationJson {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface ApiJson {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationJson>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let house: StudioWithMembers;
let api: ApiJson;

beforeAll(async () => {
  house = await openStudioWithMembers();
  // As the tests below look at it.
  api = (await (await fetch(`${house.origin}/api/openapi.json`)).json()) as ApiJson;
});
afterAll(() => house.close());

function operations(): [route: string, operation: OperationJson][] {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, OperationJson] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

function resolved(schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : api.components.schemas[name];
}

/** Lists of an answer that nothing bounds. */
function openLists(operation: OperationJson): string[] {
  const answer = resolved(operation.responses['200']?.content?.['application/json']?.schema);
  const members = answer?.type === 'array' ? { '': answer } : (answer?.properties ?? {});
  return Object.entries(members)
    .filter(([, member]) => resolved(member)?.type === 'array' && resolved(member)?.maxItems === undefined)
    .map(([name]) => name);
}

test('every list pages with after, limit and next, or names how long it can be, or is told here to be one thing', () => {
  const bad: string[] = [];
  for (const [route, operation] of operations()) {
    if (!route.startsWith('GET ') || route in WHOLE) continue;
    const lists = openLists(operation);
    if (lists.length === 0) continue;
    const answer = resolved(operation.responses['200']?.content?.['application/json']?.schema);
    const asked = operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name);
    const isPaged =
      answer?.properties?.next !== undefined && asked.includes('after') && asked.includes('limit');
    if (!isPaged) bad.push(route);
  }
  expect(bad).toEqual([]);
  const routes = operations().map(([route]) => route);
  expect(Object.keys(WHOLE).filter((route) => !routes.includes(route))).toEqual([]);
});

test('every POST of somebody who is known takes a key, or says that it only looks, and clients know which', () => {
  const keyed = [...CONTRACTS]
    .filter(([route, contract]) => takesKey(route.split(' ')[0] ?? '', contract))
    .map(([route]) => route);
  expect([...KEYED_ROUTES].sort()).toEqual(keyed.sort());
  const told = operations()
    .filter(([, { parameters }]) => parameters.some(({ name }) => name === 'Idempotency-Key'))
    .map(([route]) => route.replaceAll(/\{(\w+)\}/g, ':$1'));
  expect(told.sort()).toEqual(keyed.sort());
});

test.each([...KEYED_ROUTES])('%s answers a key again, and refuses it for another request', async (route) => {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replaceAll(/:(\w+)/g, (_, name: string) => PARAMETERS[name] ?? 'none');
  const letsIn: readonly string[] = DOORS[CONTRACTS.get(route)?.letsIn ?? 'open'].letsIn;
  const who = letsIn.includes('token')
    ? { authorization: `Bearer ${house.token}` }
    : Object.fromEntries((await house.memberWith('operator')).headers);
  const send = async (body: string, key: string) => {
    const headers = { ...who, 'content-type': 'application/json', 'idempotency-key': key };
    const answer = await fetch(`${house.origin}${path}`, { method, headers, body });
    return {
      status: answer.status,
      text: await answer.text(),
      again: answer.headers.get('idempotency-replayed'),
    };
  };
  const key = route.replaceAll(/\W+/g, '-');
  const first = await send('{}', key);
  expect(first.status).not.toBe(500);
  expect(first.again).toBeNull();
  expect(await send('{}', key)).toEqual({ ...first, again: 'true' });
  const other = await send('{"other":1}', key);
  expect(other.status).toBe(422);
  expect(JSON.parse(other.text)).toMatchObject({ code: 'idempotency-key-reused' });
  expect(JSON.parse((await send('{}', 'a b')).text)).toMatchObject({ code: 'idempotency-key-malformed' });
});
