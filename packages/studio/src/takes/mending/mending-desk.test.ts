import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '@jamnet/base';
import { kernelOf, platformSha256, platformVerifySignature, standardCatalogue } from '@jamnet/jamnode';
import { MultitrackReader } from '@jamnet/jdat';
import { Catalogue, Coordinator, compareChunk, DISPATCH_POLICY, TRUST_POLICY } from '@jamnet/mesh';
import { chunkOf } from '@jamnet/mesh/chunks';
import { openMeshStore } from '@jamnet/mesh/store';
import { register } from '@jamnet/mesh/testing';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { TakeArchive } from '../take-archive.ts';
import { takeRecords } from '../take-lines.ts';
import { EXCERPTS_PER_ROOM_DAY_MAX, MendingDesk, type MendingDeskParts, QUEUED_MAX } from './mending-desk.ts';
import { readPlan, writePlan } from './mending-plan.ts';
import { holeAt, playedAt, writeHoledTake } from './testing/holed-take.ts';

const HOLES = [holeAt(100, 1), holeAt(140, 4), holeAt(400, 2)];
const TOLERANCE = { rule: 'snr', decibelMin: 110 } as const;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function honest(input: Uint8Array): Uint8Array {
  const result = kernelOf('take.repair', 1)?.run(input);
  if (!result?.ok) throw new Error('take.repair computes its own input');
  return result.value;
}

/** An archive with one take in which ben was not heard three times, and a mesh. */
async function world() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-mending-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const archive = new TakeArchive(join(directory, 'archive'), () => 0);
  const file = join(directory, 'take.jdat');
  writeHoledTake(file, 10, [{ from: 'ben', strangers: true, holes: HOLES }]);
  const filed = await archive.addFile(file);
  if (!filed.ok) throw new Error(filed.message);
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const store = await openMeshStore(database);
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(standardCatalogue()),
      trust: TRUST_POLICY,
      dispatch: DISPATCH_POLICY,
      secret: platformSha256(Buffer.from('mending')),
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set(),
    },
    store,
  );
  const failures: unknown[] = [];
  const deskWith = (changes: Partial<MendingDeskParts> = {}) =>
    new MendingDesk({
      archive,
      coordinator,
      create: async (tasks) => (await coordinator.apply(1n, { type: 'create', tasks })).answer,
      forget: (keys) => store.forget(keys),
      onFailure: (error) => failures.push(error),
      ...changes,
    });
  return { archive, coordinator, deskWith, failures, id: filed.value.id };
}

/** A host does what waits, and the studio's own looks at it; what both lead to is told. */
async function hostWorks(coordinator: Coordinator, desk: MendingDesk): Promise<void> {
  const host = await register(coordinator, 'ada', { kind: 'take.repair', compute: honest });
  for (const effect of await host.workOff(coordinator, 2n)) desk.hear(effect);
  for (const check of await coordinator.openChecks(100)) {
    const truth = honest((await coordinator.blob(check.inputHash)) ?? new Uint8Array());
    const claimed = (await coordinator.blob(check.resultHash)) ?? new Uint8Array();
    const agreements = check.chunks.map((chunk) =>
      compareChunk(TOLERANCE, chunk, chunkOf(truth, 8, chunk), chunkOf(claimed, 8, chunk)),
    );
    const outcome = { ran: true, agreements } as const;
    for (const effect of (await coordinator.apply(3n, { type: 'checked', check: check.id, outcome })).effects)
      desk.hear(effect);
  }
}

/** Sound of track 1 of a take on disk by kind, each as its samples by place; and the roles of all tracks. */
async function heardOf(file: string) {
  const reader = new MultitrackReader({ sound: true });
  const sound = { audio: new Map<number, number>(), fill: new Map<number, number>() };
  for await (const record of takeRecords(file, reader))
    if ((record.type === 'audio' || record.type === 'fill') && record.track === 1)
      for (const [n, sample] of (record.samples ?? []).entries())
        sound[record.type].set(record.atSample + n, sample);
  expect(reader.state?.isEnded).toBe(true);
  return { ...sound, roles: reader.state?.tracks.map(({ track }) => track.role) };
}

/** How far what stands in the holes is below what was played there, dB. */
function errorDb(fill: ReadonlyMap<number, number>): number {
  let [power, error] = [0, 0];
  for (const { atSample, frames } of HOLES)
    for (let at = atSample; at < atSample + frames; at++) {
      power += playedAt(at) ** 2;
      error += ((fill.get(at) ?? 0) - playedAt(at)) ** 2;
    }
  return 10 * Math.log10(error / power);
}

test('hosts mend a take: what came stays to the bit, and where nothing came stands what was probably played', async () => {
  const { archive, coordinator, deskWith, failures, id } = await world();
  const desk = deskWith();
  await desk.pass();
  expect(archive.take(id)?.repaired).toBeUndefined();
  await hostWorks(coordinator, desk);
  await desk.pass();
  expect(failures).toEqual([]);
  const repaired = present(archive.take(id)?.repaired, 'a repaired version');
  expect(repaired.holes).toBe(HOLES.length);
  const version = present(archive.version(repaired.id), 'the repaired version by its hash');
  expect(version.take.id).toBe(id);
  const bytes = readFileSync(version.file);
  expect(Buffer.from(platformSha256(bytes)).toString('hex')).toBe(repaired.id);
  expect(bytes.length).toBe(repaired.bytes);
  const before = await heardOf(present(archive.file(id), 'the take'));
  const after = await heardOf(version.file);
  expect(before.roles).toEqual(['sent', 'heard']);
  expect(after.roles).toEqual(['sent', 'repaired']);
  expect(after.audio).toEqual(before.audio);
  expect(errorDb(before.fill)).toBeCloseTo(0, 6);
  expect(errorDb(after.fill)).toBeLessThan(-20);
});

test('a repair that is taken back leaves the take with the next look, and one that is done again comes in', async () => {
  const { archive, coordinator, deskWith, id } = await world();
  let isBack = false;
  const tasks: Coordinator['tasks'] = async (ids) =>
    (await coordinator.tasks(ids)).map((row) =>
      isBack ? { ...row, state: 'queued', resultHash: null } : row,
    );
  const parts = {
    tasks,
    blob: coordinator.blob.bind(coordinator),
    queueDepth: coordinator.queueDepth.bind(coordinator),
  };
  const desk = deskWith({ coordinator: parts });
  await desk.pass();
  await hostWorks(coordinator, desk);
  await desk.pass();
  const repaired = present(archive.take(id)?.repaired, 'a repaired version');
  isBack = true;
  desk.hear({ type: 'retracted', task: 'any', node: 'any' });
  await desk.pass();
  expect(archive.take(id)?.repaired).toBeUndefined();
  expect(archive.version(repaired.id)).toBeNull();
  isBack = false;
  // Another process, which heard of nothing.
  await deskWith({ coordinator: parts }).pass();
  expect(archive.take(id)?.repaired).toEqual(repaired);
});

test('an erased take is erased in both versions, and hosts’ inputs and results are forgotten', async () => {
  const { archive, coordinator, deskWith, id } = await world();
  const desk = deskWith();
  await desk.pass();
  await hostWorks(coordinator, desk);
  await desk.pass();
  const repaired = present(archive.take(id)?.repaired, 'a repaired version');
  const plan = present(readPlan(archive.mended.planFile(id)), 'the plan');
  const keys = plan.excerpts.flatMap(({ input, result }) => [input, present(result, 'a result')]);
  for (const key of keys) expect((await coordinator.blob(key))?.length).toBeGreaterThan(0);
  archive.erase(id);
  expect(archive.version(repaired.id)).toBeNull();
  await desk.pass();
  for (const key of keys) expect((await coordinator.blob(key))?.length ?? 0).toBe(0);
  expect(archive.mended.planned()).toEqual([]);
});

test('of a take erased before its repairs were looked at, and while hosts are at them, nothing is kept either', async () => {
  const { archive, coordinator, deskWith, id } = await world();
  const desk = deskWith();
  await desk.pass();
  const plan = present(readPlan(archive.mended.planFile(id)), 'the plan');
  const ids = plan.excerpts.map(({ task }) => task);
  const late = await register(coordinator, 'eve', { kind: 'take.repair', compute: honest });
  const leases = await late.lease(coordinator, 2n, 1);
  expect(leases).toHaveLength(1);
  await hostWorks(coordinator, desk);
  archive.erase(id);
  await desk.pass();
  await late.commit(coordinator, 3n, leases);
  await late.reveal(coordinator, 3n, leases);
  expect((await coordinator.tasks(ids)).every(({ resultHash }) => resultHash !== null)).toBe(true);
  await desk.pass();
  await desk.pass();
  const rows = await coordinator.tasks(ids);
  const results = rows.flatMap(({ resultHash }) => resultHash ?? []);
  expect(results.length).toBeGreaterThan(1);
  for (const key of results) expect((await coordinator.blob(key))?.length ?? 0).toBe(0);
});

test('what a failure cut short is cut anew with the next look, into the same tasks', async () => {
  const { archive, coordinator, deskWith, failures, id } = await world();
  let isAway = true;
  const made: string[][] = [];
  const desk = deskWith({
    create: async (tasks) => {
      if (isAway) throw new Error('the database is away');
      const { answer } = await coordinator.apply(1n, { type: 'create', tasks });
      if (answer.ok) made.push([...answer.value.tasks]);
      return answer;
    },
  });
  await desk.pass();
  expect(failures).toHaveLength(1);
  const noted = present(readPlan(archive.mended.planFile(id)), 'the plan').excerpts.map(({ task }) => task);
  isAway = false;
  await desk.pass();
  expect(made).toEqual([noted]);
  await desk.pass();
  expect(made).toHaveLength(1);
});

test('while hosts have more than enough to do no take is cut', async () => {
  const { archive, coordinator, deskWith } = await world();
  let queued = QUEUED_MAX + 1;
  const queueDepth = async () => ({ ...(await coordinator.queueDepth()), queued });
  const parts = {
    queueDepth,
    tasks: coordinator.tasks.bind(coordinator),
    blob: coordinator.blob.bind(coordinator),
  };
  const desk = deskWith({ coordinator: parts });
  await desk.pass();
  expect(archive.mended.planned()).toEqual([]);
  queued = QUEUED_MAX;
  await desk.pass();
  expect(archive.mended.planned()).toHaveLength(1);
});

test('a take that somebody else mends is left to them', async () => {
  const { archive, deskWith, id } = await world();
  const made: unknown[] = [];
  const file = present(archive.file(id), 'the take');
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-mended-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const other = new TakeArchive(directory, () => 0);
  expect(await other.addFile(file, { isMended: true })).toMatchObject({ ok: true });
  await deskWith({
    archive: other,
    create: async (tasks) => {
      made.push(...tasks);
      return { ok: true, value: { tasks: [], created: 0 } };
    },
  }).pass();
  expect([other.list(), made]).toEqual([[id], []]);
});

test('a room that had hosts asked for enough today is mended no more, and tomorrow again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-mending-day-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  let nowMs = Date.UTC(2026, 0, 1);
  const archive = new TakeArchive(join(directory, 'archive'), () => nowMs);
  const file = async (seconds: number): Promise<string> => {
    writeHoledTake(join(directory, 'take.jdat'), seconds, [{ from: 'ben', strangers: true, holes: HOLES }]);
    const filed = await archive.addFile(join(directory, 'take.jdat'));
    if (!filed.ok) throw new Error(filed.message);
    return filed.value.id;
  };
  const first = await file(10);
  const one = { task: 't', input: 'i', result: null, track: 1, bits: 16, holes: [] };
  const asked = EXCERPTS_PER_ROOM_DAY_MAX - 1;
  writePlan(archive.mended.planFile(first), { isWhole: true, excerpts: Array(asked).fill(one) });
  const desk = new MendingDesk({
    archive,
    coordinator: {
      queueDepth: async () => ({ queued: 0 }) as never,
      tasks: async () => [],
      blob: async () => null,
    },
    create: async () => ({ ok: true, value: { tasks: [], created: 0 } }),
    forget: async () => undefined,
    onFailure: (error) => expect.unreachable(String(error)),
  });
  const countOf = (id: string) => readPlan(archive.mended.planFile(id))?.excerpts.length;
  nowMs += 3_600_000;
  const later = [await file(11), await file(12)];
  await desk.pass();
  expect(later.map(countOf).sort()).toEqual([0, 1]);
  nowMs += 24 * 3_600_000;
  const tomorrow = await file(13);
  await desk.pass();
  expect(countOf(tomorrow)).toBe(2);
});
