import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import type { SignedRelease } from '@jamnet/groove';
import { type Database, openDatabase } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  RELEASE_REASON_LENGTH_MAX,
  RELEASES_SHOWN_MAX,
  ReleaseDesk,
  type ReleaseVerdict,
} from './release-desk.ts';

let directory: string;
let database: Database;
let releases: SignedRelease[];
let groups: Map<string, string>;
let logged: string[];
let nothingBefore: boolean;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-release-votes-'));
  database = openDatabase({ directory, databaseUrl: undefined });
  releases = [released(1, 'first'), released(2, 'release')];
  groups = new Map();
  logged = [];
  nothingBefore = false;
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

function released(version: number, kind: SignedRelease['kind']): SignedRelease {
  return {
    version,
    kind,
    model: `groove-${version}`,
    modelSha256: `${version}`.padStart(64, '0'),
    modelBytes: 9,
    gainPpm: kind === 'release' ? 12_300n : null,
    gainLowerPpm: kind === 'release' ? 4_100n : null,
    heldOutSha256: null,
    releasedAtUs: BigInt(version),
    signature: '00',
  } as SignedRelease;
}

const openDesk = () =>
  ReleaseDesk.open({
    database,
    ledger: {
      post: async (_nowUs, requests) =>
        requests.map(({ key }) => {
          const isNew = !logged.includes(key);
          if (isNew) logged.push(key);
          return isNew
            ? { ok: true, value: { index: 0n, repeated: false } }
            : { ok: false, code: 'key-reused', message: '' };
        }) as never,
    },
    releases: () => releases,
    rollback: () => {
      if (nothingBefore) throw new Failure('nothing-before', 'No other model was released before this one.');
      releases.push({ ...released(releases.length + 1, 'rollback') });
    },
    ownerGroupOf: async (payee) => groups.get(payee) ?? null,
    publishBooks: async () => undefined,
    nowUs: () => 7n,
  });

const says = (desk: ReleaseDesk, payee: string, verdict: ReleaseVerdict, version = 2, reason = 'heard it') =>
  desk.decide({ version, verdict, reason, payee });

test('two owner groups approve a release; two curators of one are one voice', async () => {
  const desk = await openDesk();
  groups.set('p1', 'house').set('p2', 'house');
  await says(desk, 'p1', 'approved');
  expect(await says(desk, 'p2', 'approved')).toMatchObject({
    value: { state: 'waiting', approvingGroups: 1 },
  });
  expect(await says(desk, 'p3', 'approved')).toMatchObject({
    value: { state: 'approved', approvingGroups: 2 },
  });
  expect(await desk.list('p3')).toMatchObject([
    { version: 2, isCurrent: true, own: { verdict: 'approved', reason: 'heard it' }, gainPpm: 12_300n },
    { version: 1, state: 'waiting', own: null },
  ]);
  expect((await desk.list(null))[0]?.own).toBeNull();
  expect(logged).toEqual(['model-release:2:p1', 'model-release:2:p2', 'model-release:2:p3']);
});

test('when two owner groups object, the model before comes back; once', async () => {
  const desk = await openDesk();
  await says(desk, 'p1', 'approved');
  await says(desk, 'p2', 'objected');
  expect(releases).toHaveLength(2);
  // One for, two against.
  expect(await says(desk, 'p3', 'objected')).toMatchObject({
    value: { state: 'objected', isCurrent: false },
  });
  expect(releases.map(({ kind }) => kind)).toEqual(['first', 'release', 'rollback']);
  await says(desk, 'p4', 'objected');
  expect(releases).toHaveLength(3);
});

test('an objection stands also where there is nothing to go back to', async () => {
  const desk = await openDesk();
  nothingBefore = true;
  await says(desk, 'p1', 'objected');
  expect(await says(desk, 'p2', 'objected')).toMatchObject({ value: { state: 'objected', isCurrent: true } });
});

test('one for and one against wait; a verdict stands, and saying it again changes nothing', async () => {
  const desk = await openDesk();
  await says(desk, 'p1', 'approved');
  expect(await says(desk, 'p2', 'objected')).toMatchObject({ value: { state: 'waiting' } });
  expect(await says(desk, 'p1', 'objected')).toMatchObject({ ok: false, code: 'release-decided' });
  expect(await says(desk, 'p1', 'approved')).toMatchObject({ value: { approvingGroups: 1 } });
  expect(logged).toHaveLength(2);
});

test.each<[string, number, string, string]>([
  ['an unknown release', 9, 'x', 'release-unknown'],
  ['the model that JAMNet ships', 1, 'x', 'release-not-judged'],
  ['no reason', 2, '  ', 'release-malformed'],
  ['too long a reason', 2, 'x'.repeat(RELEASE_REASON_LENGTH_MAX + 1), 'release-malformed'],
])('%s is refused and leaves nothing in the log', async (_what, version, reason, code) => {
  const desk = await openDesk();
  expect(await says(desk, 'p1', 'approved', version, reason)).toMatchObject({ ok: false, code });
  expect(logged).toEqual([]);
});

test('of very many releases the newest are shown', async () => {
  releases = Array.from({ length: RELEASES_SHOWN_MAX + 5 }, (_, n) => released(n + 1, 'release'));
  const shown = await (await openDesk()).list(null);
  expect(shown).toHaveLength(RELEASES_SHOWN_MAX);
  expect(shown[0]?.version).toBe(RELEASES_SHOWN_MAX + 5);
});
