import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { encodeModel, examplesOf, GATE_POLICY, HOUSE_PRIORS, TrainingRun, train } from '@jamnet/groove';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { type NodeOptions, nodeKeyFromSeed, runNode } from '@jamnet/jamnode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedMesh, openMesh } from '../mesh/testing/open-mesh.ts';
import { conductRound } from './conduct-round.ts';
import { ModelReleases } from './model-releases.ts';
import { trainOnHosts } from './train-on-hosts.ts';

const drummers = (name: string, count: number, bars: number) =>
  Array.from({ length: count }, (_, n) => performanceOfDrummer(`${name}-${n}`, bars));
const HEARD = drummers('heard', 12, 12);
/** As many as the gate asks for. */
const HELD_OUT = drummers(
  'unheard',
  GATE_POLICY.performancesMin,
  GATE_POLICY.barsMin / GATE_POLICY.performancesMin + 2,
);
const PLAN = { epochs: 3, batch: 32, learningRate: 2e-3 };
const KEY = nodeKeyFromSeed('5a'.repeat(32));

/** What training here, in one go, gives for a chain of the round. */
function trainedHere(
  round: string,
  horizon: 'bar' | 'hit',
  member: number,
  epochs = PLAN.epochs,
): Float32Array {
  const hits = HEARD.map((performance) => performance.hits);
  const chance = seededChance(`${round}/${horizon}/${member}`);
  return train(examplesOf(hits, HOUSE_PRIORS, horizon), { ...PLAN, epochs }, chance, () => undefined);
}

/** Networks that learnt nothing yet: what they say is the house's forecast, nearly. */
const UNTRAINED = encodeModel({
  id: 'groove-0',
  bar: [trainedHere('none', 'bar', 0, 0)],
  hit: [trainedHere('none', 'hit', 0, 0)],
});

const NOISE = (_: unknown, result: Uint8Array): Uint8Array => {
  const chance = seededChance('noise');
  const noise = Float32Array.from({ length: result.length / 4 }, () => 0.1 * chance.unit());
  return new Uint8Array(noise.buffer);
};

let mesh: OpenedMesh;
let directory: string;
const stops: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  mesh = await openMesh();
  directory = mkdtempSync(join(tmpdir(), 'jamnet-round-'));
});
const stopNodes = async (): Promise<void> => {
  for (const stop of stops.splice(0)) await stop();
};
afterAll(async () => {
  await stopNodes();
  await mesh.close();
  rmSync(directory, { recursive: true });
});

/** A real node with a slot of its own; resolves with how it ended. */
function startNode(name: string, options: Partial<NodeOptions>): Promise<unknown> {
  const stop = new AbortController();
  const ended = runNode({
    url: `ws://127.0.0.1:${mesh.port}/mesh`,
    seedHex: Buffer.from(name.padEnd(32, '.')).toString('hex'),
    name,
    ownerGroup: name,
    signal: stop.signal,
    grooveSessions: 0,
    onEvent: () => undefined,
    ...options,
  }).catch((error: unknown) => error);
  stops.push(() => {
    stop.abort();
    return ended;
  });
  return ended;
}

const round = (name: string) =>
  conductRound({
    mesh: mesh.mesh,
    round: name,
    audience: 'strangers',
    performances: HEARD,
    heldOut: HELD_OUT,
    models: join(directory, 'models'),
    key: KEY,
    folder: join(directory, name),
    fromScratch: true,
    plan: PLAN,
    signal: new AbortController().signal,
    nowUs: () => 1_700_000_000_000_000n,
    onProgress: () => undefined,
  });
const releases = () => new ModelReleases(join(directory, 'models'), KEY.publicKey);

test('a round on real nodes ends at the bits of a training here, though the first node returned noise and was banned; it is better, and released', async () => {
  releases().release(KEY, UNTRAINED, null, 1n);
  const outcome = round('round 1');
  expect(await startNode('liar', { tamper: NOISE })).toMatchObject({ code: 'node-banned' });
  startNode('honest', {});
  const { released, verdict, values } = await outcome;
  expect(values).toHaveLength(HEARD.length);
  expect(values.some((value) => value > 0n)).toBe(true);
  expect(readdirSync(join(directory, 'round 1')).sort()).toEqual(['candidate.model', 'released.model']);
  const work = await mesh.mesh.options.coordinator.work();
  expect(new Set(work.map(({ payee }) => payee)).size).toBe(1);
  expect(work.length).toBeGreaterThan(4);
  const here = encodeModel({
    id: 'groove-0.round-1',
    bar: [0, 1].map((member) => trainedHere('round 1', 'bar', member)),
    hit: [0, 1].map((member) => trainedHere('round 1', 'hit', member)),
  });
  expect(verdict).toMatchObject({ code: null, performances: HELD_OUT.length });
  expect(released).toMatchObject({ version: 2, kind: 'release', gainPpm: verdict.bar.jointPpm });
  const { current } = releases();
  expect(current && Buffer.from(releases().read(current)).equals(here)).toBe(true);
}, 600_000);

test('the same again gains nothing over what was released, is refused with the reason and leaves the list as it was', async () => {
  const { released, verdict } = await round('round 1');
  expect(released).toBeNull();
  expect(verdict).toMatchObject({ code: 'not-better', bar: { jointPpm: 0n } });
  expect(releases().current?.version).toBe(2);
  expect(releases().rollback(KEY, 2n)).toMatchObject({ version: 3, model: 'groove-0' });
}, 600_000);

test('a node that turns false once most of its results go unchecked takes back with it what was built on them', async () => {
  await stopNodes();
  const examples = examplesOf([performanceOfDrummer('alone', 12).hits], HOUSE_PRIORS, 'bar');
  const plan = { epochs: 50, batch: 2, learningRate: 2e-3 };
  const training = trainOnHosts({
    mesh: mesh.mesh,
    run: new TrainingRun({ examples, plan, chance: seededChance('turncoat'), from: null }),
    subject: 'turncoat',
    audience: 'strangers',
    signal: new AbortController().signal,
    onStep: () => undefined,
  });
  // Below 50 work units held every result is re-run whole.
  let honest = 52;
  await new Promise<void>((found) => {
    startNode('turncoat', {
      tamper: (task, result) => (honest-- > 0 ? result : NOISE(task, result)),
      onEvent: (event) => {
        if (event.type === 'verdict' && event.code === 'refused-fake') found();
      },
    });
  });
  startNode('honest', {});
  const parameters = await training;
  const here = train(examples, plan, seededChance('turncoat'), () => undefined);
  expect(Buffer.from(parameters.buffer).equals(Buffer.from(here.buffer))).toBe(true);
}, 600_000);
