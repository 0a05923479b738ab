import { openEconomy, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudioWithMembers } from '../http/testing/studio-with-members.ts';
import { type Collector, startCollector } from './testing/collector.ts';

const EPOCH = 'traced';
const PAYEE = `p${'3f'.repeat(16)}`;

let collector: Collector;
/** What no collector may learn. */
const secrets = ['attic', 'zoe', 'in-a-query', PAYEE, '127.0.0.1', 'localhost'];

/** An epoch that is over, with nothing but a value. */
async function prepare(directory: string): Promise<void> {
  const database = openDatabase({ directory, databaseUrl: undefined });
  const economy = await openEconomy(database, await openLedger(database));
  const startUs = BigInt(Date.now() - 400 * 86_400_000) * 1000n;
  await economy.publishPolicy(startUs, samplePolicy({ epochId: EPOCH }));
  await economy.openEpoch(startUs);
  const worth = { id: 'v', valueCents: 2_000_000_000n, fullyDilutedUnits: 10_000_000n, datedAtUs: startUs };
  await economy.addValuation(startUs, { ...worth, approvedBy: 'zoe', documentSha256: 'dd'.repeat(32) });
  await database.close();
}

beforeAll(async () => {
  collector = await startCollector();
  const house = await openStudioWithMembers({ tracesEndpoint: collector.endpoint, prepare });
  const member = await house.memberWith('member');
  const me = (await member.send('GET', '/api/account')).body as { signedIn: { memberId: string } };
  const statuses = [
    (await member.send('POST', '/api/account/rooms', { room: 'attic-of-zoe' })).status,
    (await member.send('GET', `/api/wallets/${PAYEE}?secret=in-a-query`)).status,
    (await member.send('GET', '/api/no/such/path/zoe')).status,
  ];
  for (const epoch of [EPOCH, 'of-zoe']) {
    const headers = { authorization: `Bearer ${house.token}` };
    const closed = await fetch(`${house.origin}/api/epochs/${epoch}/close`, { method: 'POST', headers });
    statuses.push(closed.status);
  }
  expect(statuses).toEqual([200, 404, 404, 200, 422]);
  secrets.push(house.token, house.directory, me.signedIn.memberId);
  await house.close();
}, 60_000);
afterAll(() => collector.close());

test('each request is a span by the pattern of its route, with its status', () => {
  const routes = collector.spans
    .filter(({ kind }) => kind === 2)
    .map(({ name, attributes }) => {
      const status = attributes.find(({ key }) => key === 'http.response.status_code');
      return `${name} ${status?.value.intValue}`;
    });
  for (const route of [
    'POST /api/account/rooms 200',
    'GET /api/wallets/:payee 404',
    'GET /* 404',
    'POST /api/epochs/:epoch/close 200',
  ])
    expect(routes).toContain(route);
});

test('a close lies within the request that asked for it, with its phases, and so does the publication that follows; a refusal is named', () => {
  const { spans } = collector;
  const requests = spans.filter(({ name }) => name === 'POST /api/epochs/:epoch/close');
  const closes = requests.map(({ spanId }) =>
    spans.filter((span) => span.parentSpanId === spanId).map(({ name }) => name),
  );
  expect(closes).toEqual([expect.arrayContaining(['epoch close', 'publish books']), ['epoch close']]);
  const [done, refused] = spans.filter(({ name }) => name === 'epoch close');
  expect(done?.events?.map(({ name }) => name)).toEqual(expect.arrayContaining(['posting']));
  expect(refused?.attributes).toEqual([{ key: 'jamnet.refusal', value: { stringValue: 'unknown-epoch' } }]);
});

test('nothing that is told names a person, a room, a payee, an address or a place on the disk', () => {
  expect(collector.spans.length).toBeGreaterThan(8);
  const text = collector.text.toLowerCase();
  for (const secret of secrets) expect(text).not.toContain(secret.toLowerCase());
});
