import { expect, test } from 'vitest';
import type { WeighedStatement } from '../core/weigh.ts';
import { BOUNTIES_MAX, BOUNTY_KEYS_MAX, type BountyEntry, BountyQueue, bountyLine } from './bounty-queue.ts';
import { type GatedWork, gatedWork } from './gated-work.ts';

const REPOSITORY = 'forge.example/ada/mill';
const CURATOR = `p${'c'.repeat(32)}`;
const key = (n: number): string => n.toString(16).padStart(32, '0');
const commit = (n: number): string => n.toString(16).padStart(40, '0');
const work = (n: number, keys: readonly string[] = [key(n)]): GatedWork => ({
  commit: commit(n),
  people: [key(900)],
  keys,
  tokens: 7,
});

function queued(queue: BountyQueue, given: GatedWork): string {
  const entry = queue.queue(REPOSITORY, given, 5n);
  if (!entry.ok || entry.value === null) throw new Error('not queued');
  return entry.value.id;
}

const decision = (kind: 'granted' | 'refused', id: string): BountyEntry => ({
  kind,
  id,
  curator: CURATOR,
  reason: 'mends a crash',
  atUs: '6',
});
const payment = (id: string): BountyEntry => ({
  kind: 'paid',
  id,
  epochId: '2031-04',
  contribution: 'ab'.repeat(16),
  atUs: '7',
});

test('a commit waits, is granted by a curator, and is paid; its journal brings back the same queue', () => {
  const queue = new BountyQueue();
  const first = queue.queue(REPOSITORY, work(1), 5n);
  if (!first.ok || first.value === null) throw new Error('not queued');
  const entries = [first.value, decision('granted', first.value.id), payment(first.value.id)];
  for (const entry of entries.slice(1)) expect(queue.apply(entry)).toMatchObject({ ok: true });
  expect(queue.list()).toMatchObject([
    { state: 'paid', repository: REPOSITORY, curator: CURATOR, epochId: '2031-04', tokens: 7 },
  ]);
  const again = BountyQueue.parse(entries.map(bountyLine).join(''));
  expect(again.ok && again.value.list()).toEqual(queue.list());
});

test('after a rebase only statements that no bounty knows are queued under the new commit', () => {
  const queue = new BountyQueue();
  const id = queued(queue, work(1, [key(1), key(2)]));
  queue.apply(decision('refused', id));
  expect(queue.queue(REPOSITORY, work(2, [key(1), key(2)]), 6n)).toEqual({ ok: true, value: null });
  expect(queue.get(queued(queue, work(3, [key(2), key(3)])))?.keys).toEqual([key(3)]);
  expect(queue.queue(REPOSITORY, work(1, [key(4)]), 6n)).toEqual({ ok: true, value: null });
});

test.each([
  ['twice granted', ['granted', 'granted'], 'bounty-decided'],
  ['refused after a grant', ['granted', 'refused'], 'bounty-decided'],
  ['paid without a grant', ['paid'], 'bounty-decided'],
  ['paid though refused', ['refused', 'paid'], 'bounty-decided'],
  ['paid twice', ['granted', 'paid', 'paid'], 'bounty-decided'],
] as const)('%s is refused and changes nothing', (_what, kinds, code) => {
  const queue = new BountyQueue();
  const id = queued(queue, work(1));
  const entries = kinds.map((kind) => (kind === 'paid' ? payment(id) : decision(kind, id)));
  for (const entry of entries.slice(0, -1)) expect(queue.apply(entry)).toMatchObject({ ok: true });
  const before = queue.get(id);
  expect(queue.apply(entries.at(-1) ?? payment(id))).toMatchObject({ ok: false, code });
  expect(queue.get(id)).toEqual(before);
  expect(queue.apply(decision('granted', '0'.repeat(16)))).toMatchObject({ code: 'bounty-unknown' });
});

test.each([
  ['no JSON', '{'],
  ['an unknown kind', '{"kind":"given","id":"0123456789abcdef","atUs":"1"}'],
  ['a grant of nothing', bountyLine(decision('granted', '0123456789abcdef'))],
  [
    'a reason that is empty',
    bountyLine({ ...decision('granted', '0123456789abcdef'), reason: ' ' } as BountyEntry),
  ],
])('a journal with %s is refused whole and names the line', (_what, text) => {
  expect(BountyQueue.parse(text)).toMatchObject({
    code: 'bounty-journal-malformed',
    message: expect.stringContaining('Line 1'),
  });
});

test('so many commits may wait and not one more, until a curator decides one', () => {
  const queue = new BountyQueue();
  const ids = Array.from({ length: BOUNTIES_MAX }, (_, n) => queued(queue, work(n)));
  expect(queue.queue(REPOSITORY, work(BOUNTIES_MAX), 1n)).toMatchObject({ code: 'bounty-queue-full' });
  expect(queue.list()).toHaveLength(BOUNTIES_MAX);
  expect(queue.apply(decision('refused', ids[7] ?? ''))).toMatchObject({ ok: true });
  queued(queue, work(BOUNTIES_MAX));
  expect(queue.queue(REPOSITORY, work(BOUNTIES_MAX + 1), 1n)).toMatchObject({ code: 'bounty-queue-full' });
});

test('so many statements may wait and not one more, until a curator decides their commit', {
  timeout: 60_000,
}, () => {
  const queue = new BountyQueue();
  const all = Array.from({ length: BOUNTY_KEYS_MAX }, (_, n) => key(n));
  const id = queued(queue, work(1, all));
  const more = work(2, [key(BOUNTY_KEYS_MAX)]);
  expect(queue.queue(REPOSITORY, more, 1n)).toMatchObject({ code: 'bounty-queue-full' });
  queue.apply(decision('granted', id));
  queue.apply(payment(id));
  queued(queue, more);
});

test('gated statements are gathered by the commit that brought them, for the commits of the epoch only', () => {
  const statement = (n: number, of: number, isGated: boolean): WeighedStatement => ({
    ...{ key: key(n), tokens: 5, uses: 1, weight: 0n, commit: commit(of), people: [key(7)] },
    ...{ places: [], isGated, isPaid: false },
  });
  const statements = [
    statement(2, 1, true),
    statement(1, 1, true),
    statement(3, 1, false),
    statement(4, 2, true),
  ];
  expect(gatedWork(statements, [commit(1), commit(9)])).toEqual([
    { commit: commit(1), people: [key(7)], keys: [key(1), key(2)], tokens: 10 },
  ]);
});
