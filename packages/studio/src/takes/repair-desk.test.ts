import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelOf, platformSha256, platformVerifySignature, standardCatalogue } from '@jamnet/jamnode';
import { decodeWav, encodeTake, type TakeHeader } from '@jamnet/jdat';
import {
  Catalogue,
  Coordinator,
  compareChunk,
  DISPATCH_POLICY,
  type Effect,
  type Request,
  TRUST_POLICY,
} from '@jamnet/mesh';
import { chunkOf } from '@jamnet/mesh/chunks';
import { openMeshStore } from '@jamnet/mesh/store';
import { type HostAtHand, register } from '@jamnet/mesh/testing';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import type { TakeView } from '../live/studio-state.ts';
import { keepRepair } from './keep-repairs.ts';
import { RepairDesk } from './repair-desk.ts';
import { createTakeTasks } from './repair-tasks.ts';
import { TakeStore } from './take-store.ts';

const RATE_HZ = 8000;
const FRAMES = RATE_HZ;
const HOLE = { atSample: 4000, frames: 128 };
const ID = 'f'.repeat(40);
/** Takes that were there before: a host's first results are re-run, the next with probability 1 ⁄ n. */
const OTHERS = 4;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const ENTRIES = standardCatalogue();
const TOLERANCE = { rule: 'snr', decibelMin: 110 } as const;

function honest(input: Uint8Array): Uint8Array {
  const result = kernelOf('take.repair', 1)?.run(input);
  if (!result?.ok) throw new Error('take.repair computes its own input');
  return result.value;
}
/** Honest for a while, which earns what it then puts at stake. */
function firstHonest(): (input: Uint8Array) => Uint8Array {
  let results = 0;
  return (input) => (results++ < OTHERS ? honest(input) : honest(input).fill(0));
}

/** One take of a sine with a hole, over a coordinator that looks at little before an epoch's end. */
async function world() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-repair-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const takes = new TakeStore(directory, () => 0);
  const lenient = {
    firstChecked: 0,
    stakeTasks: 1n,
    checkFloorPermille: 0,
    checkYoungPermille: 0,
    fakesUntilBan: 1,
  };
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(ENTRIES),
      trust: { ...TRUST_POLICY, ...lenient },
      dispatch: DISPATCH_POLICY,
      secret: platformSha256(Buffer.from('repairs')),
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set(),
    },
    await openMeshStore(database),
  );
  const apply = async (request: Request) => (await coordinator.apply(1n, request)).answer;
  // The test speaks to the coordinator as a socket would.
  const mesh = { apply } as Parameters<typeof createTakeTasks>[0]['mesh'];
  const others = Array.from({ length: OTHERS }, (_, n) => n.toString(16).repeat(40));
  for (const id of others) writeTake(takes, id);
  await createTakeTasks({ takes, mesh }, []);
  for (const id of others) rmSync(join(directory, id), { recursive: true });
  writeTake(takes, ID);
  await createTakeTasks({ takes, mesh }, []);
  return { directory, takes, coordinator };
}

function writeTake(takes: TakeStore, id: string): void {
  const samples = Int16Array.from({ length: FRAMES }, (_, n) => 9000 * Math.sin(n * 0.05));
  const header: TakeHeader = {
    jdat: 1,
    role: 'heard',
    ...{ room: 'cellar', player: 'drums', from: 'guitar', sampleRateHz: RATE_HZ },
    ...{ packetFrames: 128, startedAtUs: 0n, consent: { record: true, train: false, strangers: true } },
  };
  const end = HOLE.atSample + HOLE.frames;
  const lines = encodeTake(header, [
    { type: 'audio', atSample: 0, samples: samples.subarray(0, HOLE.atSample) },
    { type: 'span', ...HOLE, fate: 'lost' },
    { type: 'audio', atSample: end, samples: samples.subarray(end) },
  ]);
  writeFileSync(join(takes.createFolder(id), 'heard.jdat'), [...lines].join('\n'));
  const view: TakeView = {
    ...{ id, player: 'drums', from: 'guitar', seconds: 2, sampleRateHz: RATE_HZ, packets: 125, lost: 1 },
    ...{ recovered: 0, concealed: 1, late: 0, delayMsP50: 1, delayMsP99: 2, variants: ['sent', 'heard'] },
    spans: [{ ...HOLE, fate: 'concealed' }],
  };
  takes.writeView(view);
}

/** What the studio's own host does. */
async function runChecks(coordinator: Coordinator): Promise<Effect[]> {
  const effects: Effect[] = [];
  for (const check of await coordinator.openChecks(100)) {
    const truth = honest((await coordinator.blob(check.inputHash)) ?? new Uint8Array());
    const claimed = (await coordinator.blob(check.resultHash)) ?? new Uint8Array();
    const agreements = check.chunks.map((chunk) =>
      compareChunk(TOLERANCE, chunk, chunkOf(truth, 8, chunk), chunkOf(claimed, 8, chunk)),
    );
    const outcome = { ran: true, agreements } as const;
    effects.push(...(await coordinator.apply(2n, { type: 'checked', check: check.id, outcome })).effects);
  }
  return effects;
}

async function oneTask(host: HostAtHand, coordinator: Coordinator): Promise<Effect[]> {
  return [...(await host.workOff(coordinator, 3n, 1)), ...(await runChecks(coordinator))];
}

const fateOf = (takes: TakeStore) => takes.views()[0]?.spans[0]?.fate;

/** Loudest sample in the hole of the repaired take. */
function peakInHole(directory: string): number {
  const wav = decodeWav(readFileSync(join(directory, ID, 'repaired.wav')));
  const samples = (wav.ok && wav.value.channels[0]) || new Float32Array();
  const hole = samples.subarray(HOLE.atSample, HOLE.atSample + HOLE.frames);
  return hole.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

/** A liar's repair is in the take, then its host is proven false; answers the effects of that. */
async function repairedByLiar({ takes, coordinator }: Awaited<ReturnType<typeof world>>): Promise<Effect[]> {
  const liar = await register(coordinator, 'eve', { kind: 'take.repair', compute: firstHonest() });
  for (let task = 0; task <= OTHERS; task++) await oneTask(liar, coordinator);
  const [view] = takes.views();
  if (view) await keepRepair({ takes, coordinator }, view);
  expect(fateOf(takes)).toBe('repaired');
  await coordinator.apply(2n, { type: 'settle' });
  const effects = await runChecks(coordinator);
  expect(effects.map(({ type }) => type)).toEqual(expect.arrayContaining(['retracted', 'banned']));
  return effects;
}

const failed = (error: unknown): never => {
  throw error;
};

test('a repair leaves the take when its host is proven false, and comes back when another host has done it anew', async () => {
  const studio = await world();
  const { directory, takes, coordinator } = studio;
  const shown: string[] = [];
  const onChange = (views: readonly TakeView[]) => shown.push(views[0]?.spans[0]?.fate ?? 'none');
  const desk = new RepairDesk({ takes, coordinator, onChange, onFailure: failed });
  for (const effect of await repairedByLiar(studio)) desk.hear(effect);
  await desk.settled();
  expect([fateOf(takes), peakInHole(directory)]).toEqual(['concealed', 0]);
  const ada = await register(coordinator, 'ada', { kind: 'take.repair', compute: honest });
  for (let task = 0; task <= OTHERS; task++)
    for (const effect of await oneTask(ada, coordinator)) desk.hear(effect);
  await desk.settled();
  expect(fateOf(takes)).toBe('repaired');
  expect(peakInHole(directory)).toBeGreaterThan(0.2); // The sine has 0.27.
  expect(shown).toEqual(['concealed', 'repaired']);
});

test('what was taken back while the studio was not there is found when it opens, once', async () => {
  const studio = await world();
  await repairedByLiar(studio);
  const { takes, coordinator } = studio;
  let changes = 0;
  const desk = new RepairDesk({ takes, coordinator, onChange: () => changes++, onFailure: failed });
  await desk.catchUp();
  expect([fateOf(takes), changes]).toEqual(['concealed', 1]);
  await desk.catchUp();
  expect(changes).toBe(1);
});

test('a repair stays in the take when the coordinator has forgotten its task, long after', async () => {
  const { takes, coordinator } = await world();
  const ada = await register(coordinator, 'ada', { kind: 'take.repair', compute: honest });
  for (let task = 0; task <= OTHERS; task++) await oneTask(ada, coordinator);
  const [view] = takes.views();
  if (view) await keepRepair({ takes, coordinator }, view);
  await coordinator.apply(4n, { type: 'settle' });
  await runChecks(coordinator);
  await coordinator.apply(4n, { type: 'settle' });
  await coordinator.apply(2n * DISPATCH_POLICY.finishedTaskKeptUs, { type: 'tick' });
  expect((await coordinator.queueDepth()).accepted).toBe(0);
  if (view) await keepRepair({ takes, coordinator }, view);
  expect(fateOf(takes)).toBe('repaired');
});

test('a take whose repairs cannot be read is told, and the others are caught up with', async () => {
  const studio = await world();
  await repairedByLiar(studio);
  const { takes, coordinator } = studio;
  const unreadable = '0'.repeat(40);
  writeTake(takes, unreadable);
  writeFileSync(join(takes.createFolder(unreadable), 'repairs.json'), '{');
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  await new RepairDesk({ takes, coordinator, onChange: () => {}, onFailure }).catchUp();
  expect(failures).toMatchObject([{ name: 'SyntaxError' }]);
  expect(takes.views().find(({ id }) => id === ID)?.spans[0]?.fate).toBe('concealed');
});

test('a take that was never repaired is left alone, and a failure is told without ending the desk', async () => {
  const { takes, coordinator } = await world();
  const failures: unknown[] = [];
  const desk = new RepairDesk({
    takes,
    coordinator: { tasks: () => Promise.reject(new Error('store is gone')), blob: coordinator.blob },
    onChange: failed,
    onFailure: (error) => failures.push(error),
  });
  desk.hear({ type: 'retracted', task: 'x', node: 'n' });
  await desk.settled();
  expect(failures).toHaveLength(1);
  const unheard = new RepairDesk({ takes, coordinator, onChange: failed, onFailure: failed });
  const ada = await register(coordinator, 'ada', { kind: 'take.repair', compute: honest });
  for (let task = 0; task <= OTHERS; task++)
    for (const effect of await oneTask(ada, coordinator)) unheard.hear(effect);
  await unheard.settled();
  expect(fateOf(takes)).toBe('concealed');
});
