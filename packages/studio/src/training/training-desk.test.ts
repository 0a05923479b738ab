import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
import { roundFiles } from './round-files.ts';
import { TrainingDesk } from './training-desk.ts';

const ADA = `p${'a'.repeat(32)}`;

let directory = '';
let mesh: OpenedMesh;
let database: Database;
let modelValue: ModelValueDesk;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-desk-'));
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
const openDesk = (): TrainingDesk =>
  new TrainingDesk({
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
