import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsServerProgram, startNatsServer } from '@jamnet/bus/testing';
import { checkPain001 } from '@jamnet/economy';
import { contributionOf } from '@jamnet/mesh';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { insist, until } from '../setup/role-processes.ts';
import { runCli } from '../setup/studio-process.ts';
import { HEAL_MS, nowUs, REDEEM_MICRO_JAM, RoleActs } from './role-acts.ts';
import { type HeardSince, RoleRoom } from './role-room.ts';
import {
  BANKED,
  EPOCH,
  FIRST_CENTS,
  fillBooks,
  must,
  openClerk,
  openWorld,
  PAYEES,
  startNode,
  valuation,
  type World,
} from './role-world.ts';

const NATS_AWAY_MS = 30_000;
const DATABASE_AWAY_MS = 3_000;
/** Longer than all faults together, also on a busy machine: the room plays through. */
const ROOM_SECONDS = 400;

const program = natsServerProgram();
const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}, 120_000);

/** Ends all connections of the database but one's own, as a failover does. */
async function cutConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
  );
  await client.end();
}

test.skipIf(program === null)(
  'two of each role, each killed in turn, the database cut off and stopped, NATS gone for 30 s: the room plays on, nothing is lost or doubled, all heals in 30 s',
  async () => {
    const world = await openWorld(program ?? '', cleanups);
    const { of, economy, ledger, coordinator, postgres, nats, processes } = world;
    await fillBooks(world);
    const apiUrls = ['api-1', 'api-2'].map((name) => of(name).url);
    const acts = new RoleActs({
      ...{ apiUrls: () => apiUrls, operatorToken: world.secrets.operatorToken },
      ...{ economy, coordinator, payees: PAYEES },
    });
    const room = new RoleRoom();
    cleanups.push(() => room.end().catch(() => undefined));
    cleanups.push(() => acts.end().catch(() => undefined));
    await room.open({
      ...{ directory: world.directory, seconds: ROOM_SECONDS, apiUrls },
      ask: (method, path, body) => acts.askOnce(method, path, body),
    });
    for (const name of ['coordinator-1', 'coordinator-2']) startNode(world, name);
    acts.begin();
    await until(
      () => room.isPlaying,
      HEAL_MS,
      () => 'the players do not hear each other',
    );
    const accepted = async (): Promise<number> => (await coordinator.queueDepth()).accepted;
    await until(
      async () => (await accepted()) > 0,
      60_000,
      () => 'no host has done a task',
    );

    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    /** A fault, and until when every process is well and every kind of act goes on again. */
    const suffer = async (fault: string, strike: () => Promise<void>): Promise<HeardSince[]> => {
      room.look();
      await strike();
      const [acted, worked] = [acts.count, await insist(accepted, HEAL_MS)];
      const healed = async (): Promise<boolean> => {
        const ready = await Promise.all([...processes.values()].map((each) => each.isReady()));
        return ready.every(Boolean) && acts.count > acted + 3 && (await accepted().catch(() => 0)) > worked;
      };
      const healMs = await until(healed, HEAL_MS, () => `${fault}: not all is well again`);
      const heard = room.look();
      const lost = heard.map(({ player, concealed, due }) => `${player} lost ${concealed} of ${due} blocks`);
      say(`${fault}: well after ${Math.round(healMs)} ms; ${lost.join(', ')}`);
      return heard;
    };
    /** What a relay does needs none of the others: as much is heard as at other times. */
    const playsOn = (heard: readonly HeardSince[]): void => {
      for (const { packets, concealed, due } of heard) {
        expect(packets).toBeGreaterThan(0.8 * due);
        expect(concealed).toBeLessThan(0.2 * due);
      }
    };

    for (const name of ['coordinator-1', 'api-1', 'epoch-1', 'web-1'])
      playsOn(
        await suffer(`kill -9 of ${name}`, async () => {
          await of(name).kill();
          await of(name).start();
        }),
      );
    playsOn(await suffer('the connections of the database cut', () => cutConnections(postgres.url)));
    playsOn(
      await suffer(`the database stopped at once for ${DATABASE_AWAY_MS / 1_000} s`, async () => {
        await postgres.stop('SIGQUIT');
        await new Promise((resolve) => setTimeout(resolve, DATABASE_AWAY_MS));
        await postgres.start();
      }),
    );
    playsOn(
      await suffer(`NATS gone for ${NATS_AWAY_MS / 1_000} s`, async () => {
        const { port } = nats.server;
        await nats.server.stop();
        const gone = performance.now();
        const awayMs = async (ms: number): Promise<number> =>
          until(
            () => performance.now() - gone > ms,
            2 * ms,
            () => 'time stands still',
          );
        await awayMs(NATS_AWAY_MS / 2);
        // No relay has been heard for long: newcomers find the room where it is all the same, whomever they ask.
        for (const [n, player] of ['cleo', 'dan'].entries()) {
          const { relay } = (await acts.askOnce('POST', '/api/rooms/blue/join', { player }, n + 1)) as {
            relay: { host: string; port: number };
          };
          expect(`${relay.host}:${relay.port}`).toBe(room.relay);
        }
        await awayMs(NATS_AWAY_MS);
        nats.server = await startNatsServer(program ?? '', port);
      }),
    );
    // Last, for the room then moves.
    await suffer('kill -9 of both relays, one after the other', async () => {
      for (const name of ['relay-1', 'relay-2']) {
        await of(name).kill();
        await of(name).start();
        await until(
          () => of(name).isReady(),
          HEAL_MS,
          () => `${name} does not come back`,
        );
      }
    });
    await until(
      () => room.look().every(({ packets, concealed }) => concealed < 0.2 * packets),
      HEAL_MS,
      () => 'the players do not hear each other any more',
    );

    await acts.end();
    const { done } = acts;
    say(
      `answered for: ${done.receipts.length} receipts, ${done.redemptions.length} redemptions, ${done.contributions.length} contributions, ${done.tasks.length} tasks; the slowest after ${Math.round(acts.slowestMs)} ms`,
    );
    expect(acts.slowestMs).toBeLessThan(HEAL_MS);
    // Closed by both at once while one of them is killed; whoever leads finishes.
    const closes = [1, 2].map((api) =>
      acts.askOnce('POST', `/api/epochs/${EPOCH}/close`, {}, api).catch(() => null),
    );
    await of('api-2').kill();
    await Promise.all(closes);
    await of('api-2').start();
    await until(
      async () => {
        await acts.ask('POST', `/api/epochs/${EPOCH}/close`, {});
        return (await economy.epoch(EPOCH))?.state === 'closed';
      },
      HEAL_MS,
      () => 'the epoch is not closed',
    );

    // Redeemed by both at once, and again; then ordered at the bank while connections are cut.
    must(await economy.addValuation(nowUs(), valuation('valuation-2')));
    await Promise.all(
      [1, 2].map((api) => insist(() => acts.askOnce('POST', '/api/redemptions/run', {}, api), HEAL_MS)),
    );
    const clerk = await openClerk(world);
    for (let round = 0; round < 3; round++) {
      const sending = clerk.payouts.send().catch(() => null);
      await cutConnections(postgres.url);
      await sending;
    }
    await insist(async () => must(await clerk.payouts.send()), HEAL_MS);

    // Every task is done once, and pays once.
    await until(
      async () => {
        const depth = await coordinator.queueDepth();
        return depth.accepted + depth.failed === done.tasks.length;
      },
      60_000,
      () => 'tasks are left',
    );
    expect(await coordinator.queueDepth()).toMatchObject({ accepted: done.tasks.length, failed: 0 });
    const work = await coordinator.work();
    expect(new Set(work.map(({ task }) => task))).toEqual(new Set(done.tasks));
    expect(work).toHaveLength(done.tasks.length);
    must(await economy.addContributions(nowUs(), work.map(contributionOf)));

    // What people were answered for stands in the books, each once.
    const { database } = world;
    if (database.engine !== 'postgres') throw new Error('not the engine');
    const rows = async (table: string): Promise<number> =>
      Number((await database.pool.query(`SELECT count(*) AS count FROM ${table}`)).rows[0]?.count);
    expect(await rows('economy_receipt')).toBe(done.receipts.length + 1);
    expect(await ledger.balance('outside:USD')).toBe(-(FIRST_CENTS + done.receiptCents));
    expect(await rows('economy_contribution')).toBe(PAYEES.length + done.contributions.length + work.length);
    const redemptions = await economy.redemptions(nowUs());
    expect(redemptions).toHaveLength(done.redemptions.length);
    const asked = redemptions.reduce((sum, { askedMicroJam }) => sum + askedMicroJam, 0n);
    expect(asked).toBe(BigInt(done.redemptions.length) * REDEEM_MICRO_JAM);
    await expectPaidOnce(world, redemptions);

    for (const name of ['web-1', 'web-2', 'api-1', 'api-2']) {
      const { dataDirectory } = of(name);
      const audit = await insist(async () => {
        const run = await runCli(['audit', join(dataDirectory, 'public'), '--json']);
        const view = JSON.parse(run.stdout) as { verdict: string };
        if (view.verdict !== 'ok') throw new Error(run.stdout);
        return view;
      }, HEAL_MS);
      expect(audit.verdict).toBe('ok');
    }
    const reports = await room.end();
    for (const { isRelayLost } of reports) expect(isRelayLost).toBe(false);
  },
  420_000,
);

/** What redemptions paid is payable, or ordered at the bank once: in the books, in the store of payouts, and in the bank's files. */
async function expectPaidOnce(
  { ledger, database, clerkDirectory }: World,
  redemptions: readonly { readonly payee: string; readonly paidCents: bigint }[],
): Promise<void> {
  const out = join(clerkDirectory, 'payouts', 'pain.001', 'out');
  const files = readdirSync(out)
    .filter((file) => file.endsWith('.xml'))
    .map((file) => readFileSync(join(out, file), 'utf8'));
  for (const file of files) expect(checkPain001(file)).toEqual({ ok: true, value: [] });
  const inFiles = files.flatMap((file) => [...file.matchAll(/<EndToEndId>([^<]+)</g)].map(([, id]) => id));
  expect(new Set(inFiles).size).toBe(inFiles.length);
  expect(inFiles).toHaveLength(BANKED.length);
  if (database.engine !== 'postgres') throw new Error('not the engine');
  const ordered = await database.pool.query('SELECT id FROM economy_payout ORDER BY id');
  expect(ordered.rows.map(({ id }) => id)).toEqual([...inFiles].sort());
  for (const payee of PAYEES) {
    const paid = redemptions.reduce((sum, each) => sum + (each.payee === payee ? each.paidCents : 0n), 0n);
    expect(paid).toBeGreaterThan(0n);
    const isBanked = BANKED.includes(payee);
    expect(await ledger.balance(`payable:${payee}:USD`)).toBe(isBanked ? 0n : paid);
    // On its way to the bank, but for the tax that is kept from those who have handed in no form.
    const [paying = 0n, withheld = 0n] = await Promise.all(
      ['paying', 'withheld'].map((of) => ledger.balance(`${of}:${payee}:USD`)),
    );
    expect((paying ?? 0n) + (withheld ?? 0n)).toBe(isBanked ? paid : 0n);
  }
}
