import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATE_POLICY } from '@jamnet/groove';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { releasedModelBytes } from '@jamnet/jamnode';
import { type Database, openSqlite } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenedMesh, openMesh } from '../mesh/testing/open-mesh.ts';
import { ModelValueDesk } from '../music/model-value-desk.ts';
import { TakeArchive } from '../takes/take-archive.ts';
import { judgeInChild } from './judge-in-child.ts';
import { performanceRows } from './performance-rows.ts';
import { REVOKED_MAX } from './revoked-takes.ts';
import { ROUNDS_KEPT_MAX, roundFiles } from './round-files.ts';
import { fileDrumTake, strokesOf } from './testing/drum-take.ts';
import { TrainingDesk } from './training-desk.ts';

const ADA = `p${'a'.repeat(32)}`;

let directory = '';
let mesh: OpenedMesh;
let database: Database;
let modelValue: ModelValueDesk;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-desk-'));
  forgotten = [];
  mesh = await openMesh();
  database = openSqlite({ file: ':memory:' });
  modelValue = await ModelValueDesk.open({
    database,
    economy: {
      policy: async () => null,
      meritOf: async () => 0n,
      ownerGroupOf: async (payee) => (payee === ADA ? 'house of ada' : null),
    },
    addContributions: async () => undefined,
    evidenceSecret: new Uint8Array(32),
    nowUs: () => 7n,
  });
});
afterEach(async () => {
  await mesh.close();
  await database.close();
  rmSync(directory, { recursive: true });
});

const rounds = (): string => join(directory, 'training', 'rounds');
let forgotten: string[] = [];
const openDesk = (
  forgetBlobs = async (keys: readonly string[]): Promise<void> => void forgotten.push(...keys),
): TrainingDesk =>
  new TrainingDesk({
    forgetBlobs,
    dataDirectory: directory,
    archive: new TakeArchive(join(directory, 'archive'), Date.now),
    secret: new Uint8Array(32),
    mesh: () => mesh.mesh,
    nowUs: () => 7n,
    modelValue,
    ownerGroupOf: async (payee) => (payee === ADA ? 'house of ada' : null),
  });

test('a round whose record cannot be written any more ends as failed, and the studio goes on', async () => {
  const desk = openDesk();
  const begun = await desk.begin({
    train: [performanceOfDrummer('ada', 4)],
    heldOut: [performanceOfDrummer('bob', 4)],
    strangers: true,
    fromScratch: false,
  });
  expect(begun).toMatchObject({ ok: true, value: { round: 'round-7' } });
  // Where the folder was is a file now: nothing can be written below it.
  rmSync(join(rounds(), 'round-7'), { recursive: true });
  writeFileSync(join(rounds(), 'round-7'), '');
  await desk.close();
  expect(desk.round()).toMatchObject({ phase: 'failed' });
});

test('strokes that a killed studio left behind are gone when the next one opens; the records of its rounds stay', () => {
  const folder = join(rounds(), 'round-1');
  mkdirSync(folder, { recursive: true });
  for (const name of ['round.json', 'candidate.model', 'train.json', 'held-out.json', 'train.json.new'])
    writeFileSync(join(folder, name), '[]');
  writeFileSync(join(rounds(), 'note'), '');
  openDesk();
  expect(readdirSync(folder).sort()).toEqual(['candidate.model', 'round.json']);
  expect(existsSync(join(rounds(), 'note'))).toBe(true);
});

test('of old rounds the models go, and the record of what each learnt from stays, by hash', () => {
  const began = Array.from({ length: ROUNDS_KEPT_MAX + 2 }, (_, n) => 99 + n);
  for (const n of began) {
    const folder = join(rounds(), `round-${n}`);
    mkdirSync(folder, { recursive: true });
    for (const name of ['round.json', 'candidate.model', 'released.model'])
      writeFileSync(join(folder, name), '[]');
  }
  openDesk();
  const files = (n: number): string[] => readdirSync(join(rounds(), `round-${n}`)).sort();
  for (const old of [99, 100]) expect(files(old)).toEqual(['round.json']);
  for (const n of began.slice(2))
    expect(files(n)).toEqual(['candidate.model', 'released.model', 'round.json']);
});

test('a take that is gone from the archive and a consent that is taken back leave its hash in the record of the round', async () => {
  const archive = new TakeArchive(join(directory, 'archive'), Date.now);
  const take = await fileDrumTake(archive, directory, { player: 'ada', hits: strokesOf('ada', 8) });
  const desk = openDesk();
  const [learnt] = (await desk.takes()).takes;
  const begun = await desk.begin({
    train: [performanceOfDrummer('cyd', 4)],
    heldOut: [performanceOfDrummer('bob', 4)],
    strangers: true,
    fromScratch: false,
  });
  expect(begun.ok).toBe(true);
  await desk.close();
  expect((await desk.revoke(take, 'ada')).ok).toBe(true);
  const again = openDesk();
  expect((await again.takes()).takes).toEqual([]);
  const record = readFileSync(join(rounds(), 'round-7', 'round.json'), 'utf8');
  expect(record).toContain(take);
  expect(record).toContain(learnt?.performanceSha256 ?? 'none');
  expect(readdirSync(join(rounds(), 'round-7')).filter((name) => name.endsWith('.json'))).toEqual([
    'round.json',
  ]);
});

test('what hosts were sent of a take is forgotten when its player takes the consent back, also while its round runs', async () => {
  const archive = new TakeArchive(join(directory, 'archive'), Date.now);
  const take = await fileDrumTake(archive, directory, { player: 'ada', hits: strokesOf('ada', 8) });
  const request = {
    train: [performanceOfDrummer('cyd', 4)],
    heldOut: [performanceOfDrummer('bob', 4)],
    strangers: true,
    fromScratch: false,
  };
  const inputs = join(rounds(), 'round-7', 'inputs');
  const desk = openDesk();
  expect((await desk.begin(request)).ok).toBe(true);
  await expect
    .poll(() => existsSync(inputs) && readFileSync(inputs, 'utf8').length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(4 * 65);
  const sent = readFileSync(inputs, 'utf8').trim().split('\n');
  for (const key of sent) expect(await mesh.mesh.options.coordinator.blob(key)).not.toBeNull();
  expect(await desk.revoke(take, 'ada')).toMatchObject({ value: { inputsForgotten: 0 } });
  expect(forgotten).toEqual([]);
  await desk.close();
  expect(new Set(forgotten)).toEqual(new Set(sent));
  expect(existsSync(inputs)).toBe(false);
});

test('a take is erased with all that hosts were sent of it; somebody who does not play in it has nothing erased', async () => {
  const archive = new TakeArchive(join(directory, 'archive'), Date.now);
  const take = await fileDrumTake(archive, directory, { player: 'ada', hits: strokesOf('ada', 8) });
  const folder = join(rounds(), 'round-1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'round.json'), JSON.stringify({ takes: [{ take, player: 'ada' }] }));
  writeFileSync(join(folder, 'inputs'), `${'1'.repeat(64)}\n${'2'.repeat(64)}\n${'3'.repeat(9)}`);
  const other = join(rounds(), 'round-2');
  mkdirSync(other, { recursive: true });
  writeFileSync(
    join(other, 'round.json'),
    JSON.stringify({ takes: [{ take: '7'.repeat(64), player: 'bob' }] }),
  );
  writeFileSync(join(other, 'inputs'), `${'4'.repeat(64)}\n`);
  const desk = openDesk();
  expect(await desk.erase('0'.repeat(64), 'ada')).toMatchObject({ code: 'take-unknown' });
  expect(await desk.erase(take, 'bob')).toMatchObject({ code: 'player-unknown' });
  expect(new TakeArchive(join(directory, 'archive'), Date.now).list()).toEqual([take]);
  expect(await desk.erase(take, 'ada')).toEqual({
    ok: true,
    value: { take, player: 'ada', inputsForgotten: 2 },
  });
  expect(forgotten).toEqual(['1'.repeat(64), '2'.repeat(64)]);
  expect((await desk.takes()).takes).toEqual([]);
  const left = readdirSync(join(directory, 'archive', 'takes'));
  expect(left).toEqual([`${take}.erased`]);
});

test('a take is erased although no more consents fit into memory, and its own place there is free again', async () => {
  const archive = new TakeArchive(join(directory, 'archive'), Date.now);
  const take = await fileDrumTake(archive, directory, { player: 'ada', hits: strokesOf('ada', 8) });
  const revoked = join(directory, 'training', 'revoked.json');
  mkdirSync(join(directory, 'training'), { recursive: true });
  const rows = Array.from({ length: REVOKED_MAX }, (_, n) => ({ take: `${n}`, player: 'bob', atUs: '1' }));
  writeFileSync(revoked, JSON.stringify(rows));
  const desk = openDesk();
  expect(await desk.revoke(take, 'ada')).toMatchObject({ code: 'revoked-too-many' });
  expect(await desk.erase(take, 'ada')).toMatchObject({ ok: true });
  expect(archive.isErased(take)).toBe(true);
  const other = await fileDrumTake(archive, directory, { player: 'ben', hits: strokesOf('ben', 8) });
  writeFileSync(revoked, JSON.stringify([...rows.slice(1), { take: other, player: 'ben', atUs: '1' }]));
  const again = openDesk();
  expect(await again.erase(other, 'ben')).toMatchObject({ ok: true });
  expect(await again.revoke('f'.repeat(64), 'cyd')).toMatchObject({ ok: true });
});

test('what hosts were sent of a take that is erased is forgotten the next time it is asked for, where it failed at first', async () => {
  const archive = new TakeArchive(join(directory, 'archive'), Date.now);
  const take = await fileDrumTake(archive, directory, { player: 'ada', hits: strokesOf('ada', 8) });
  const folder = join(rounds(), 'round-1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'round.json'), JSON.stringify({ takes: [{ take, player: 'ada' }] }));
  writeFileSync(join(folder, 'inputs'), `${'1'.repeat(64)}\n`);
  const desk = openDesk(async () => {
    throw new Error('the disk is full');
  });
  await expect(desk.erase(take, 'ada')).rejects.toThrow('full');
  expect(archive.isErased(take)).toBe(true);
  expect(await openDesk().erase(take, 'ada')).toMatchObject({ ok: true, value: { inputsForgotten: 1 } });
  expect(forgotten).toEqual(['1'.repeat(64)]);
});

test('the operator says who a player of a take is, of those who play in it and can be paid', async () => {
  const archive = new TakeArchive(join(directory, 'archive'), Date.now);
  const take = await fileDrumTake(archive, directory, { player: 'ada', hits: strokesOf('ada', 4) });
  const desk = openDesk();
  const named = { take, player: 'ada', payee: ADA };
  expect(await desk.name({ ...named, take: '0'.repeat(64) })).toMatchObject({ code: 'take-unknown' });
  expect(await desk.name({ ...named, player: 'bob' })).toMatchObject({ code: 'player-unknown' });
  expect(await desk.name({ ...named, payee: `p${'b'.repeat(32)}` })).toMatchObject({ code: 'payee-unknown' });
  expect(await desk.name(named)).toEqual({ ok: true, value: named });
});

test('a judge is stopped with its round', async () => {
  const stop = new AbortController();
  const files = roundFiles(directory);
  for (const file of [files.candidate, files.released]) writeFileSync(file, releasedModelBytes());
  const heldOut = Array.from({ length: GATE_POLICY.performancesMin }, (_, n) =>
    performanceOfDrummer(`unheard-${n}`, 24),
  );
  for (const file of [files.train, files.heldOut])
    writeFileSync(file, JSON.stringify(performanceRows(heldOut)));
  const judged: number[] = [];
  const verdict = judgeInChild(files, stop.signal, (done) => judged.push(done));
  stop.abort();
  await expect(verdict).rejects.toMatchObject({ code: 'round-stopped' });
  expect(judged).toEqual([]);
}, 120_000);
