import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { type Economy, openEconomy, policySha256 } from '@jamnet/economy';
import { type Ledger, openLedger, openLog } from '@jamnet/ledger';
import { type Database, tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditBooks } from '../books/audit.ts';
import { PUBLIC } from '../books/public-layout.ts';
import { epochPublisher } from '../books/publish-epochs.ts';
import { directoryReader } from '../books/readers.ts';
import { openSecrets } from '../composition/secrets.ts';
import type { Page, PageRequest } from '../paging/page.ts';
import { GOVERNANCE_LIMITS } from './core/limits.ts';
import { GovernanceDesk } from './governance-desk.ts';
import type { GovernanceTables } from './governance-tables.ts';
import { ProposalBook } from './proposal-book.ts';
import type { ProposalLine } from './proposal-view.ts';
import { publishProposals } from './public-proposals.ts';
import { testPolicy } from './testing/policies.ts';

const DAY_US = 86_400_000_000n;
const PAYEE = (n: number) => `p${`${n}`.repeat(32)}`;
const OPERATOR = { payee: null, readsHidden: true };
const VISITOR = { payee: null, readsHidden: false };

let directory: string;
let nowUs: bigint;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-governance-'));
  nowUs = 1_000n * DAY_US;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface House {
  readonly desk: GovernanceDesk;
  readonly book: ProposalBook;
  readonly economy: Economy;
  readonly ledger: Ledger;
  readonly audit: () => ReturnType<typeof auditBooks>;
}

/** The desk over real books, a real log and its public files. */
async function open(
  database: Database,
  ledgerOf: (ledger: Ledger) => Ledger = (same) => same,
): Promise<House> {
  const ledger = await openLedger(database);
  const economy = await openEconomy(database, ledger);
  const key = openSecrets(directory).log;
  const origin = 'test.example/log';
  const publicDirectory = join(directory, 'public');
  const signer = { name: origin, publicKey: key.publicKey, sign: key.sign };
  const log = await openLog({ directory: join(publicDirectory, PUBLIC.log), ledger, origin, signer });
  const book = await ProposalBook.open(database);
  const publishBooks = async () => {
    await log.publish(nowUs);
    await epochPublisher(economy, publicDirectory)();
    await publishProposals(book, publicDirectory);
  };
  const desk = await GovernanceDesk.open({
    ...{ book, economy, publishBooks },
    ledger: ledgerOf(ledger),
    nowUs: () => nowUs,
    limits: { ...GOVERNANCE_LIMITS, undecidedMax: 3 },
  });
  await publishBooks();
  return { desk, book, economy, ledger, audit: () => auditBooks(directoryReader(publicDirectory), log.vkey) };
}

async function propose(desk: GovernanceDesk, version = 2, title = 'More for code'): Promise<string> {
  const opened = await desk.open(
    { title, text: 'Why.', policy: testPolicy(version), opensAtUs: null, closesAtUs: nowUs + 14n * DAY_US },
    OPERATOR,
  );
  if (!opened.ok) throw new Error(`${opened.code}: ${opened.message}`);
  return opened.value.id;
}

const decision = (verdict: 'adopted' | 'rejected' | 'withdrawn', amended: unknown = null) => ({
  verdict,
  reasons: 'Read them all.',
  amended,
});

async function listed(desk: GovernanceDesk, asked: Partial<PageRequest> = {}): Promise<Page<ProposalLine>> {
  const page = await desk.list({ after: null, limit: 20, ...asked });
  if (!page.ok) throw new Error(page.message);
  return page.value;
}

/** As a stop leaves it: the journal never answers. */
const deaf = (ledger: Ledger) => Object.assign(Object.create(ledger), { post: async () => [] }) as Ledger;

async function kindsIn(ledger: Ledger): Promise<readonly string[]> {
  const entries = await ledger.entries(0n, 100);
  return entries.flatMap(({ leaf }) => (leaf.type === 'record' ? [leaf.kind] : []));
}

describeOnEveryEngine('proposed policies', (openFresh) => {
  test('are read, commented on, advised on by owner group, decided with reasons, published and audited', async () => {
    const { desk, economy, ledger, audit } = await open((await openFresh()).database);
    for (const [n, ownerGroup] of [
      [1, 'house'],
      [2, 'house'],
      [3, 'mill'],
    ] as const)
      await economy.registerPayee(nowUs, { payee: PAYEE(n), ownerGroup, evidenceSha256: '22'.repeat(32) });
    const id = await propose(desk);
    expect((await audit()).checks.at(-1)).toMatchObject({
      name: 'proposals',
      ok: true,
      detail: expect.stringContaining('1 wait'),
    });
    nowUs += DAY_US;
    await desk.comment(id, PAYEE(1), 'Code earns too little.');
    await desk.comment(id, PAYEE(3), 'You are all thieves.');
    await desk.vote(id, PAYEE(1), 'for');
    await desk.vote(id, PAYEE(2), 'against');
    await desk.vote(id, PAYEE(3), 'for');
    await desk.vote(id, PAYEE(4), 'abstain');
    expect(await desk.hide(id, 2, 'Insults nobody answers to.', OPERATOR)).toMatchObject({ ok: true });
    const seen = await desk.show(id, { payee: PAYEE(1), readsHidden: false });
    expect(seen).toMatchObject({
      value: {
        phase: 'open',
        votes: { for: 1, against: 1, abstain: 1 },
        // The last word of the house is the other member's.
        own: { choice: 'against', commentsLeft: 4 },
        said: [
          { number: 1, author: 1, isOwn: true, text: 'Code earns too little.', hiddenReason: null },
          { number: 2, author: 2, isOwn: false, text: null, hiddenReason: 'Insults nobody answers to.' },
        ],
      },
    });
    expect(JSON.stringify(seen.ok && seen.value.said)).not.toContain(PAYEE(3));
    expect(await desk.show(id, OPERATOR)).toMatchObject({
      value: { said: [{}, { text: 'You are all thieves.' }], own: null },
    });
    expect(await desk.decide(id, decision('adopted'), OPERATOR)).toMatchObject({ code: 'period-not-over' });
    nowUs += 14n * DAY_US;
    const decided = await desk.decide(id, decision('adopted'), OPERATOR);
    expect(decided).toMatchObject({
      value: {
        phase: 'adopted',
        votes: { for: 1, against: 1, abstain: 1 },
        decision: { reasons: 'Read them all.', policySha256: policySha256(testPolicy(2)), amended: null },
      },
    });
    expect(await kindsIn(ledger)).toEqual(expect.arrayContaining(['policy-proposal', 'policy-decision']));
    const published = await economy.publishPolicy(nowUs, testPolicy(2));
    const sha256 = published.ok ? published.value.sha256 : '';
    expect((await desk.decisionsOn([sha256])).get(sha256)).toMatchObject({ proposal: id, isAmended: false });
    const view = await audit();
    expect([view.verdict, view.checks.at(-1)?.detail]).toEqual([
      'ok',
      expect.stringMatching(/^1 proposed .* 0 wait$/),
    ]);
  });

  test('are adopted as the comments made them, and the policy that was published is known by that', async () => {
    const { desk, audit } = await open((await openFresh()).database);
    const id = await propose(desk);
    nowUs += 14n * DAY_US;
    const broken = await desk.decide(id, decision('adopted', { schema: 'none' }), OPERATOR);
    expect(broken).toMatchObject({ code: 'policy-malformed' });
    expect(await desk.decide(id, decision('rejected', testPolicy(3)), OPERATOR)).toMatchObject({
      code: 'amended-not-adopted',
    });
    expect(await desk.decide(id, decision('adopted', testPolicy(3)), OPERATOR)).toMatchObject({
      value: { decision: { amended: { version: 3 }, policySha256: policySha256(testPolicy(3)) } },
    });
    const [was, became] = [policySha256(testPolicy(2)), policySha256(testPolicy(3))];
    const found = await desk.decisionsOn([was, became]);
    expect([found.get(was), found.get(became)]).toMatchObject([undefined, { isAmended: true }]);
    expect((await audit()).verdict).toBe('ok');
  });

  test('named again as they were proposed are not amended', async () => {
    const { desk } = await open((await openFresh()).database);
    const id = await propose(desk);
    nowUs += 14n * DAY_US;
    const decided = await desk.decide(id, decision('adopted', testPolicy(2)), OPERATOR);
    expect(decided).toMatchObject({ value: { decision: { amended: null } } });
  });

  test('are compared with the policy that was in force, however many were published since', async () => {
    const { database } = await openFresh();
    const { desk, economy } = await open(database);
    const publish = async (version: number) => {
      const published = await economy.publishPolicy(nowUs, testPolicy(version));
      expect(published).toMatchObject({ ok: true });
    };
    await publish(1);
    const id = await propose(desk);
    // More than ten years of months.
    for (let version = 3; version < 125; version++) await publish(version);
    expect(await desk.show(id, VISITOR)).toMatchObject({ ok: true, value: { before: testPolicy(1) } });
  });

  test('count owner groups as they are at the decision: who joined another has no second voice', async () => {
    const { desk, economy } = await open((await openFresh()).database);
    const id = await propose(desk);
    await desk.vote(id, PAYEE(1), 'for');
    await desk.vote(id, PAYEE(2), 'for');
    for (const n of [1, 2])
      await economy.registerPayee(nowUs, {
        payee: PAYEE(n),
        ownerGroup: 'house',
        evidenceSha256: '22'.repeat(32),
      });
    nowUs += 14n * DAY_US;
    expect(await desk.decide(id, decision('rejected'), OPERATOR)).toMatchObject({
      value: { votes: { for: 1, against: 0, abstain: 0 }, decision: { policySha256: null } },
    });
  });

  test('stay as they are when the studio opens again, page by page the newest first', async () => {
    const fresh = await openFresh();
    const first = await open(fresh.database);
    const ids: string[] = [];
    for (const version of [2, 3, 4]) ids.push(await propose(first.desk, version));
    expect(
      await first.desk.open(
        {
          title: 'One more',
          text: 'Why.',
          policy: testPolicy(5),
          opensAtUs: null,
          closesAtUs: nowUs + 14n * DAY_US,
        },
        OPERATOR,
      ),
    ).toMatchObject({ code: 'too-many-undecided' });
    await first.desk.vote(ids[0] ?? '', PAYEE(1), 'for');
    const { desk } = await open(await fresh.reopen());
    const page = await listed(desk, { limit: 2 });
    expect(page.rows.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const next = await listed(desk, { after: page.next, limit: 2 });
    expect(next).toMatchObject({ rows: [{ id: ids[0], votes: { for: 1 } }], next: null });
    expect(await desk.list({ after: '1.2', limit: 2 })).toMatchObject({ code: 'cursor-malformed' });
    expect(await desk.show('f'.repeat(32), VISITOR)).toMatchObject({ code: 'proposal-unknown' });
  });

  test('that a stop kept out of the log come into it at the next start, once', async () => {
    const fresh = await openFresh();
    const stopped = await open(fresh.database, deaf);
    await expect(propose(stopped.desk)).rejects.toThrow(Failure);
    expect(await kindsIn(stopped.ledger)).not.toContain('policy-proposal');
    const { desk, ledger, audit } = await open(await fresh.reopen());
    expect((await listed(desk)).rows).toMatchObject([{ title: 'More for code' }]);
    expect((await kindsIn(ledger)).filter((kind) => kind === 'policy-proposal')).toHaveLength(1);
    expect((await audit()).verdict).toBe('ok');
  });

  test('that a stop kept out of the log until their period had begun are dropped, and can be proposed again', async () => {
    const fresh = await openFresh();
    const stopped = await open(fresh.database, deaf);
    await expect(propose(stopped.desk)).rejects.toThrow(Failure);
    const unseen = (await listed(stopped.desk)).rows[0]?.id ?? '';
    // Nobody speaks about what the log does not have.
    await expect(stopped.desk.comment(unseen, PAYEE(1), 'Too much.')).rejects.toThrow(Failure);
    nowUs += DAY_US + 1n;
    const { desk, audit } = await open(await fresh.reopen());
    expect((await listed(desk)).rows).toEqual([]);
    expect((await audit()).verdict).toBe('ok');
    await propose(desk);
    expect((await audit()).verdict).toBe('ok');
  });

  test('that the log has, though a stop came before that was noted, stay however long the stop lasts', async () => {
    const fresh = await openFresh();
    const stopped = await open(fresh.database, (ledger) => {
      const unheard = async (...told: Parameters<Ledger['post']>) => {
        await ledger.post(...told);
        return [];
      };
      return Object.assign(Object.create(ledger), { post: unheard }) as Ledger;
    });
    await expect(propose(stopped.desk)).rejects.toThrow(Failure);
    nowUs += 3n * DAY_US;
    const { desk, audit } = await open(await fresh.reopen());
    expect((await listed(desk)).rows).toMatchObject([{ title: 'More for code', phase: 'open' }]);
    expect((await audit()).verdict).toBe('ok');
  });

  test('are counted in a list as on their own page, and no comment, member or document is read for it', async () => {
    const { database } = await openFresh();
    const { desk, economy } = await open(database);
    for (const n of [1, 2])
      await economy.registerPayee(nowUs, {
        payee: PAYEE(n),
        ownerGroup: 'house',
        evidenceSha256: '22'.repeat(32),
      });
    const [quiet, loud] = [await propose(desk, 2), await propose(desk, 3)];
    await desk.comment(loud, PAYEE(1), 'Too much.');
    await desk.comment(loud, PAYEE(1), 'Far too much.');
    for (const [n, choice] of [
      [1, 'for'],
      [2, 'against'],
      [3, 'for'],
      [4, 'abstain'],
      [3, 'against'],
    ] as const)
      await desk.vote(loud, PAYEE(n), choice);
    const read = new Set<string>();
    const kysely = database.kysely.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        for (const column of result.rows.flatMap(Object.keys)) read.add(column);
        return result;
      },
    });
    const book = await ProposalBook.open(Object.assign(Object.create(database), { kysely }) as Database);
    read.clear();
    await book.page(null, 20);
    expect([...read].sort()).toEqual(
      ['number', 'id', 'record', 'decision', 'proposal', 'choice', 'groups', 'comments'].sort(),
    );
    expect((await listed(desk)).rows).toMatchObject([
      { id: loud, votes: { for: 0, against: 2, abstain: 1 }, comments: 2 },
      { id: quiet, votes: { for: 0, against: 0, abstain: 0 }, comments: 0 },
    ]);
  });

  test('that were adopted are found by the policy alone, also those of before it was kept beside them', async () => {
    const fresh = await openFresh();
    const first = await open(fresh.database);
    const ids = [await propose(first.desk, 2), await propose(first.desk, 3)];
    nowUs += 14n * DAY_US;
    for (const id of ids) await first.desk.decide(id, decision('adopted'), OPERATOR);
    // As the first version left the tables.
    for (const statement of [
      'DROP INDEX governance_proposal_adopted',
      'ALTER TABLE governance_proposal DROP COLUMN adopted_sha256',
      "DELETE FROM governance_migration WHERE name = '002-adopted-policy'",
      "DELETE FROM jamnet_schema_journal WHERE store = 'governance' AND step = '002-adopted-policy'",
    ])
      await sql.raw(statement).execute(fresh.database.kysely);
    const database = await fresh.reopen();
    const { desk } = await open(database);
    const tables = tablesOf<GovernanceTables>(database);
    const unread = { policy: 'unread', record: 'unread', decision: 'unread' };
    await tables
      .updateTable('governance_proposal')
      .set(unread)
      .where('id', '=', ids[1] ?? '')
      .execute();
    const sha256 = policySha256(testPolicy(2));
    expect([...(await desk.decisionsOn([sha256]))]).toMatchObject([
      [sha256, { proposal: ids[0], title: 'More for code', isAmended: false }],
    ]);
  });
});

describeOnEveryEngine('an audit of proposed policies', (openFresh) => {
  const file = (path: string) => join(directory, 'public', path);
  const change = (path: string, from: string | RegExp, to: string) =>
    writeFileSync(file(path), readFileSync(file(path), 'utf8').replace(from, to));

  test('finds words that were changed, reasons left out, a file taken away and a policy put in place of another', async () => {
    const { desk, audit } = await open((await openFresh()).database);
    const id = await propose(desk);
    nowUs += 14n * DAY_US;
    await desk.decide(id, decision('adopted'), OPERATOR);
    const path = PUBLIC.proposal(id);
    const honest = readFileSync(file(path), 'utf8');
    const told = async () => (await audit()).checks.find(({ name }) => name === 'proposals');
    expect(await told()).toMatchObject({ ok: true });
    for (const [from, to, fault] of [
      ['More for code', 'Less for code', 'is not what the log says was proposed'],
      ['Read them all.', 'Read none.', 'is not what the log says was decided'],
      [/"decision":\{.*?\}.*?\}/, '"decision":null', 'does not say which'],
      ['"version":2', '"version":9', 'is not the one that was proposed'],
      ['"amended":null', '"amended":{"schema":"none"}', 'adopts is not the one in its file'],
      ['"proposal":', '"proposed":', 'missing or malformed'],
    ] as const) {
      change(path, from, to);
      expect(await told(), fault).toMatchObject({ ok: false, detail: expect.stringContaining(fault) });
      writeFileSync(file(path), honest);
    }
    writeFileSync(file(PUBLIC.proposals), '[]');
    expect(await told()).toMatchObject({ ok: false, detail: expect.stringContaining('no public file says') });
    writeFileSync(file(PUBLIC.proposals), '["../../keys"]');
    expect(await told()).toMatchObject({ ok: false, detail: expect.stringContaining('no id') });
  });
});
