import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeUtf8, present } from '@jamnet/base';
import { describeOnEveryEngine, type FreshDatabase } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatSignatureLine, parseNote, type SignedNote } from '../core/signed-note.ts';
import { cosign, type Signer, signerFromSeed, vkeyOf } from '../core/signer.ts';
import { verifyDirectory } from '../core/verifier.ts';
import { type Ledger, openLedger } from '../store/ledger.ts';
import { directoryFiles } from './directory-files.ts';
import { openLog } from './open-log.ts';
import { sharedLogFiles } from './shared-log-files.ts';

const ORIGIN = 'test.invalid/log';
const signer: Signer = signerFromSeed(ORIGIN, new Uint8Array(32).fill(5));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jamnet-shared-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeOnEveryEngine('one log of several processes', (openFresh, engine) => {
  const onPostgres = test.runIf(engine === 'postgres');

  onPostgres(
    'is published by whichever comes, and each directory then holds all of it and no second head',
    async () => {
      const { ledger, open } = await world(openFresh);
      const [east, west] = [await open('east'), await open('west')];
      for (let round = 0; round < 4; round++) {
        await post(ledger, round, 200);
        // Both at once: one signs, the other follows.
        await Promise.all([east, west].map((log) => log.publish(0n)));
        const heads = ['east', 'west'].map((name) => readFileSync(join(folder, name, 'checkpoint'), 'utf8'));
        expect(heads[0]).toBe(heads[1]);
      }
      const late = await open('late');
      expect(decodeUtf8(await late.checkpoint())).toBe(decodeUtf8(await east.checkpoint()));
      for (const name of ['east', 'west', 'late'])
        expect(await verified(name, late.vkey)).toMatchObject({
          ok: true,
          value: { checkpoint: { size: 802n } },
        });
    },
  );

  onPostgres('goes on from its own directory where others signed while it was away', async () => {
    const { ledger, open } = await world(openFresh);
    await post(ledger, 0, 300);
    await open('east');
    const west = await open('west');
    await post(ledger, 1, 300);
    await west.publish(0n);
    const again = await open('east');
    expect(await again.inclusionProof(601n)).toMatchObject({ ok: true });
    expect(await verified('east', again.vkey)).toMatchObject({
      ok: true,
      value: { checkpoint: { size: 602n } },
    });
  });

  onPostgres(
    'signs no second head of one size: another root there is refused and published nowhere',
    async () => {
      const { ledger, open, database } = await world(openFresh);
      await post(ledger, 0, 3);
      const east = await open('east');
      const before = readFileSync(join(folder, 'east', 'checkpoint'), 'utf8');
      // A head of the same size with another root, as a journal that lost its end and went on would lead to.
      const [origin, size] = before.split('\n');
      const forged = `${origin}\n${size}\n${Buffer.alloc(32, 1).toString('base64')}\n\n${before.split('\n\n')[1]}`;
      const files = sharedLogFiles(directoryFiles(join(folder, 'west')), database);
      const unlock = await files.lock();
      await expect(files.write('checkpoint', Buffer.from(forged))).rejects.toMatchObject({
        code: 'log-forked',
      });
      await unlock();
      const { rows } = await sql<{ note: Uint8Array }>`SELECT note FROM ledger_log_head`.execute(
        database.kysely,
      );
      expect(decodeUtf8(present(rows[0], 'head').note)).toBe(before);
      expect(await directoryFiles(join(folder, 'west')).read('checkpoint')).toBeNull();
      expect(decodeUtf8((await east.publish(0n)).note)).toBe(before);
    },
  );

  onPostgres(
    'keeps cosignatures that witnesses of different processes bring to one head, in all copies',
    async () => {
      const { ledger, open } = await world(openFresh);
      await post(ledger, 0, 3);
      const [east, west] = [await open('east'), await open('west')];
      const [red, blue] = [witness('red.test', 8), witness('blue.test', 9)];
      // Each on what its process showed before the other came.
      const { text } = signed(await east.checkpoint());
      expect(await east.addCosignature(red.lineOf(text), red.vkey)).toMatchObject({ ok: true });
      expect(await west.addCosignature(blue.lineOf(text), blue.vkey)).toMatchObject({ ok: true });
      await east.publish(0n);
      for (const name of ['east', 'west'])
        expect(
          signed(readFileSync(join(folder, name, 'checkpoint')))
            .signatures.map((signature) => signature.name)
            .sort(),
        ).toEqual(['blue.test', 'red.test', ORIGIN]);
      // Of another head they say nothing.
      await post(ledger, 1, 3);
      const { note } = await west.publish(0n);
      expect(signed(note).signatures.map(({ name }) => name)).toEqual([ORIGIN]);
    },
  );

  onPostgres('is written by no publisher whose connection died while it was at it', async () => {
    const { ledger, open, database } = await world(openFresh);
    await post(ledger, 0, 3);
    const east = await open('east');
    const files = sharedLogFiles(directoryFiles(join(folder, 'west')), database);
    const unlock = await files.lock();
    await sql`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()`.execute(
      database.kysely,
    );
    await post(ledger, 1, 3);
    const { note } = await east.publish(0n);
    await expect(files.write('checkpoint', note)).rejects.toMatchObject({ code: 'leader-replaced' });
    await unlock();
  });
});

async function world(openFresh: () => Promise<FreshDatabase>) {
  const { database } = await openFresh();
  if (database.engine !== 'postgres') throw new Error('not the engine');
  const ledger = await openLedger(database);
  await ledger.openAccounts(1n, [
    { code: 'studio:authorised:JAM', owner: 'studio', asset: 'JAM', kind: 'external', floor: null },
    { code: 'pool:JAM', owner: 'studio', asset: 'JAM', kind: 'pool', floor: 0n },
  ]);
  const open = (name: string) =>
    openLog({ directory: join(folder, name), ledger, origin: ORIGIN, signer, database });
  return { database, ledger, open };
}

async function post(ledger: Ledger, round: number, count: number): Promise<void> {
  const legs = [
    { account: 'studio:authorised:JAM', amount: -1n },
    { account: 'pool:JAM', amount: 1n },
  ];
  const requests = Array.from({ length: count }, (_, n) => ({ key: `k${round}-${n}`, kind: 'test', legs }));
  const answers = await ledger.post(BigInt(round + 1), requests);
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}

function signed(note: Uint8Array): SignedNote {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}

function witness(name: string, seed: number) {
  const key = signerFromSeed(name, new Uint8Array(32).fill(seed));
  return {
    vkey: vkeyOf(key, 'cosignature'),
    lineOf: (text: string) => formatSignatureLine(cosign(text, 1_700_000_000n, key)),
  };
}

function verified(name: string, vkey: string) {
  return verifyDirectory(directoryFiles(join(folder, name)).read, { vkey });
}
