import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { type NodeOptions, nodeKeyFromSeed, runNode } from '@jamnet/jamnode';
import { encodeBlend, SHIPPED_BLEND_MODEL } from '@jamnet/pnbtr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedMesh, openMesh } from '../../mesh/testing/open-mesh.ts';
import { trainChainOnHosts } from '../chain-on-hosts.ts';
import { blendChain, weightsOf } from './blend-chain.ts';
import { blendReleases, conductBlendRound, currentBlend } from './blend-round.ts';
import type { Excerpt } from './excerpt.ts';

const KEY = nodeKeyFromSeed('5b'.repeat(32));
/** Few short holes: each step is some hundredths of a second. */
const PLAN = { epochs: 1, learningRate: 1, packetFrames: 32 };

/** A tone in a little noise, another for each name. */
function excerptOf(name: string): Excerpt {
  const chance = seededChance(name);
  const step = 0.1 + 0.1 * chance.unit();
  const pcm = Int16Array.from(
    { length: 2800 },
    (_, n) => 9000 * Math.sin(step * n) + 600 * (chance.unit() - 0.5),
  );
  return { rateHz: 8000, pcm };
}
const excerpts = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => excerptOf(`${name} ${n}`));
const HEARD = excerpts('heard', 4);
const HELD_OUT = excerpts('unheard', 20);

/** A mixture that was released and plays hardly anything. */
const QUIET = SHIPPED_BLEND_MODEL.weights.slice();
QUIET[8] = -16;

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
  directory = mkdtempSync(join(tmpdir(), 'jamnet-blend-'));
});
afterAll(async () => {
  for (const stop of stops.splice(0)) await stop();
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

const releases = () => blendReleases(join(directory, 'models'), KEY.publicKey);
const round = (name: string, plan = PLAN) =>
  conductBlendRound({
    mesh: mesh.mesh,
    round: name,
    audience: 'strangers',
    excerpts: HEARD,
    heldOut: HELD_OUT,
    plan,
    models: join(directory, 'models'),
    key: KEY,
    folder: join(directory, name),
    signal: new AbortController().signal,
    nowUs: () => 1_700_000_000_000_000n,
    onProgress: () => undefined,
  });

test('a round on real nodes is better on sound nobody learnt from and is released, though the first node returned noise', async () => {
  releases().release(KEY, encodeBlend({ id: 'pnbtr-0', weights: QUIET }), null, 1n);
  const outcome = round('round 1');
  await new Promise<void>((found) => {
    startNode('liar', {
      tamper: NOISE,
      onEvent: (event) => {
        if (event.type === 'verdict' && event.code === 'refused-fake') found();
      },
    });
  });
  startNode('honest', {});
  const { verdict, released } = await outcome;
  expect(verdict).toMatchObject({ code: null, sounds: HELD_OUT.length });
  expect(verdict.gainDb).toBeGreaterThan(1);
  expect(released).toMatchObject({ version: 2, kind: 'release', model: 'pnbtr-0.round-1' });
  expect(readdirSync(join(directory, 'round 1')).sort()).toEqual(['candidate.blend', 'released.blend']);
  const work = await mesh.mesh.options.coordinator.work();
  expect(work.map(({ kind }) => kind)).toEqual(Array(HEARD.length).fill('pnbtr.train-step'));
  expect(new Set(work.map(({ ownerGroup }) => ownerGroup))).toEqual(new Set(['honest']));
  // What hosts came to is what this machine comes to.
  const chain = blendChain('round 1', HEARD, QUIET, PLAN);
  let here = chain.start;
  for (let index = 0; index < chain.length; index++) here = chain.step(index, here).computeHere();
  expect(currentBlend(releases()).weights).toEqual(weightsOf(here));
}, 600_000);

test('a round that moves nothing is refused, and the list stays as it was', async () => {
  const { verdict, released } = await round('round 2', { ...PLAN, learningRate: 0 });
  expect(released).toBeNull();
  expect(verdict).toMatchObject({ code: 'not-better', gainDb: 0 });
  expect(releases().current?.version).toBe(2);
}, 600_000);

test('a chain on hosts ends when the signal does, with the reason', async () => {
  const stop = new AbortController();
  const chain = blendChain('stopped', HEARD, QUIET, PLAN);
  const training = trainChainOnHosts({
    mesh: mesh.mesh,
    chain,
    subject: 'stopped',
    audience: 'trusted', // Nobody is: no step is ever computed.
    signal: stop.signal,
    onStep: () => undefined,
  });
  stop.abort();
  await expect(training).rejects.toThrow();
}, 60_000);
