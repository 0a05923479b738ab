import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toHex } from '@jamnet/base';
import { commitment, encodeForecast, HOUSE_PRIORS, modelForecaster } from '@jamnet/groove';
import {
  encodeFingerprintInput,
  encodeRepairInput,
  encodeRingerInput,
  kernelOf,
  type NodeEvent,
  nodeKeyFromSeed,
  platformSha256,
  platformVerifySignature,
  releasedModel,
  runNode,
  standardCatalogue,
  type Tamper,
} from '@jamnet/jamnode';
import {
  Catalogue,
  Coordinator,
  DISPATCH_POLICY,
  type Effect,
  type NewTask,
  signEntry,
  TRUST_POLICY,
} from '@jamnet/mesh';
import { chunkOf } from '@jamnet/mesh/chunks';
import { openMeshStore } from '@jamnet/mesh/store';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { attachMesh, type MeshSocket } from './mesh-socket.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Studio {
  readonly mesh: MeshSocket;
  readonly coordinator: Coordinator;
  readonly url: string;
  readonly effects: Effect[];
}

async function startStudio(): Promise<Studio> {
  const database = openSqlite({ file: ':memory:' });
  const secret = platformSha256(new TextEncoder().encode('studio of the test'));
  const entries = standardCatalogue();
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(entries),
      trust: TRUST_POLICY,
      dispatch: DISPATCH_POLICY,
      secret: platformSha256(new TextEncoder().encode('checks of the test')),
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set(),
    },
    await openMeshStore(database),
  );
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const effects: Effect[] = [];
  const mesh = attachMesh(server, {
    coordinator,
    catalogue: entries.map((entry) => signEntry(entry, secret)),
    studioKey: nodeKeyFromSeed(toHex(secret)).publicKey,
    nowUs: () => BigInt(Date.now()) * 1000n,
    onEffect: (effect) => effects.push(effect),
  });
  cleanups.push(async () => {
    await mesh.close();
    server.close();
    server.closeAllConnections();
    await database.close();
  });
  return { mesh, coordinator, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mesh`, effects };
}

/** A real node in this process (its slots are processes of their own). Resolves when it is registered and ready. */
async function startNode(studio: Studio, name: string, tamper?: Tamper) {
  const stop = new AbortController();
  const events: NodeEvent[] = [];
  const seedHex = toHex(platformSha256(new TextEncoder().encode(`node ${name}`)));
  const before = studio.mesh.connected().length;
  const running = runNode({
    url: studio.url,
    seedHex,
    name,
    ownerGroup: `owner-${name}`,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    tamper,
  }).catch((error: unknown) => error);
  const end = async () => {
    stop.abort();
    return running;
  };
  cleanups.push(end);
  await expect.poll(() => studio.mesh.connected().length, { timeout: 20_000, interval: 10 }).toBe(before + 1);
  const node = studio.mesh.connected().find((connected) => connected.name === name)?.node ?? '';
  return { node, events, end };
}

const EXCERPT = Int16Array.from(
  { length: 12_000 },
  (_, n) => 9000 * Math.sin(n * 0.031) + 4000 * Math.sin(n * 0.0971),
);

function sampleTasks(count: number): NewTask[] {
  return Array.from({ length: count }, (_, n): NewTask => {
    const spans = [{ atSample: 3000 + 64 * n, frames: 128 }];
    const [kind, input] = [
      ['take.repair', encodeRepairInput({ rateHz: 48_000, pcm: EXCERPT, spans })],
      ['take.fingerprint', encodeFingerprintInput({ rateHz: 48_000, pcm: EXCERPT.subarray(16 * n) })],
      ['bench.ringer', encodeRingerInput({ seed: n, size: 32, rounds: 2 })],
    ][n % 3] as [string, Uint8Array];
    const operations = kernelOf(kind, 1)?.operations(input);
    if (!operations?.ok) throw new Error(`no operations for ${kind}`);
    return {
      kind,
      version: 1,
      input,
      operations: operations.value,
      subject: 'take-a',
      audience: 'strangers',
    };
  });
}

/** Rounds the loudest chunk to 8 bits. */
const int8: Tamper = (_, result) => {
  const lied = result.slice();
  for (let chunk = 0; chunk < 8; chunk++) {
    const bytes = chunkOf(lied, 8, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 4 <= bytes.length; at += 4)
      view.setFloat32(at, Math.round(view.getFloat32(at, true) * 127) / 127, true);
    if (chunk === 3) break;
  }
  return lied;
};

test('a real node registers, benchmarks itself, works every kind, and is paid after settling', async () => {
  const studio = await startStudio();
  const node = await startNode(studio, 'ada');
  const created = await studio.mesh.apply({
    type: 'create',
    tasks: sampleTasks(9),
    assignment: 'rendezvous',
  });
  if (!created.ok) throw new Error(created.message);
  const done = await studio.mesh.untilDone(created.value.tasks);
  expect(done.accepted).toHaveLength(9);
  await studio.mesh.settle();
  const work = await studio.coordinator.work({ state: 'released' });
  expect(work.map((row) => row.node)).toEqual(Array.from({ length: 9 }, () => node.node));
  expect(work.every((row) => row.workUnits >= 1n && row.meter === 'compute/work-units')).toBe(true);
  const [benchmarked] = node.events;
  expect(benchmarked).toMatchObject({
    type: 'benchmarked',
    operationsPerSecond: expect.stringMatching(/^[1-9]\d{5,}$/),
  });
  await node.end();
  expect(node.events.at(-1)).toMatchObject({ type: 'drained', sent: 9 });
});

test('results that were re-run whole need no look before their inputs are erased', async () => {
  const studio = await startStudio();
  await startNode(studio, 'ada');
  const created = await studio.mesh.apply({ type: 'create', tasks: sampleTasks(3) });
  if (!created.ok) throw new Error(created.message);
  await studio.mesh.untilDone(created.value.tasks);
  const rows = await studio.coordinator.tasks(created.value.tasks);
  const inputHashes = rows.map(({ inputHash }) => inputHash);
  const until = { nowMs: Date.now, untilMs: Date.now() + 20_000 };
  expect(await studio.mesh.lookBeforeErasing(inputHashes, until)).toEqual({ pending: 0 });
  await studio.mesh.settle();
  expect(await studio.coordinator.work({ state: 'released' })).toHaveLength(3);
});

test('a node that was taken for gone while its connection lasted, as when its machine slept, comes back and works', async () => {
  const studio = await startStudio();
  const { node } = await startNode(studio, 'ada');
  await studio.mesh.apply({ type: 'leave', node });
  const created = await studio.mesh.apply({ type: 'create', tasks: sampleTasks(2) });
  if (!created.ok) throw new Error(created.message);
  const done = await studio.mesh.untilDone(created.value.tasks);
  expect(done.accepted).toHaveLength(2);
  expect((await studio.coordinator.nodes()).map((row) => row.state)).toEqual(['active']);
});

test('a node that rounds chunks to int8 is caught, told why, banned and paid nothing; the honest one does its tasks', async () => {
  const studio = await startStudio();
  const liar = await startNode(studio, 'eve', int8);
  const honest = await startNode(studio, 'ada');
  const created = await studio.mesh.apply({
    type: 'create',
    tasks: sampleTasks(12),
    assignment: 'rendezvous',
  });
  if (!created.ok) throw new Error(created.message);
  const done = await studio.mesh.untilDone(created.value.tasks);
  expect(done.accepted).toHaveLength(12);
  await studio.mesh.settle();
  expect(studio.effects.filter((effect) => effect.type === 'banned')).toMatchObject([{ node: liar.node }]);
  expect(
    (await studio.coordinator.work({ state: 'released' })).every((row) => row.node === honest.node),
  ).toBe(true);
  const told = liar.events.filter((event) => event.type === 'verdict').map((event) => event.sentence);
  expect(told.some((sentence) => /agreed to \d+ dB, needs 110|differs from the re-run/.test(sentence))).toBe(
    true,
  );
});

test('a node commits to a bar before it hears it and opens the commitment afterwards', async () => {
  const studio = await startStudio();
  const { node } = await startNode(studio, 'ada');
  const seen: { bar: number; commitment: Uint8Array }[] = [];
  const reveals: { bar: number; forecast: Uint8Array; salt: Uint8Array }[] = [];
  const link = studio.mesh.openGroove({
    node,
    session: 'session-1',
    performance: 'performance-1',
    onCommit: (commit) => seen.push(commit),
    onReveal: (reveal) => reveals.push(reveal),
    onLost: () => {},
  });
  const bars = [0, 1].map((index) => ({ index, hits: [{ cell: 0, offsetUs: 1000 * index, velocity: 80 }] }));
  const forecaster = modelForecaster(HOUSE_PRIORS, releasedModel());
  for (const bar of bars) {
    link.ask(bar.index, [0], 0n);
    await expect.poll(() => seen.length, { interval: 5 }).toBe(bar.index + 1);
    expect(reveals).toHaveLength(bar.index);
    const expected = encodeForecast(forecaster.forecast(bar.index, [0]));
    forecaster.observe(bar);
    link.release(bar);
    await expect.poll(() => reveals.length, { interval: 5 }).toBe(bar.index + 1);
    const { forecast, salt } = reveals[bar.index] ?? { forecast: new Uint8Array(), salt: new Uint8Array() };
    expect(toHex(forecast)).toBe(toHex(expected));
    const hash = commitment({ forecast, salt, node, performance: 'performance-1', bar: bar.index });
    expect(toHex(seen[bar.index]?.commitment ?? new Uint8Array())).toBe(toHex(hash));
  }
  link.close();
});

test('whoever waits for a node goes on once it has said what it offers, and not before', async () => {
  const studio = await startStudio();
  const { node, end } = await startNode(studio, 'ada');
  await studio.mesh.untilReady(node, AbortSignal.timeout(20_000));
  await end();
  await expect.poll(() => studio.mesh.connected().length, { timeout: 20_000, interval: 10 }).toBe(0);
  await expect(studio.mesh.untilReady(node, AbortSignal.timeout(20))).rejects.toThrow('aborted');
  const free = studio.mesh
    .untilReady(node, AbortSignal.timeout(20_000))
    .then(() => studio.mesh.grooveSessionsFree(node));
  await startNode(studio, 'ada');
  expect(await free).toBeGreaterThan(0);
});

test('a node that connects again before its old socket is gone loses its sessions there, and gets new ones', async () => {
  const studio = await startStudio();
  const { node } = await startNode(studio, 'ada');
  let [lost, commits] = [0, 0];
  const session = {
    node,
    session: 'session-1',
    performance: 'performance-1',
    onCommit: () => void commits++,
    onReveal: () => {},
    onLost: () => void lost++,
  };
  studio.mesh.openGroove(session);
  const free = studio.mesh.grooveSessionsFree(node);
  const stop = new AbortController();
  const seedHex = toHex(platformSha256(new TextEncoder().encode('node ada')));
  const claim = { name: 'ada', ownerGroup: 'owner-ada', signal: stop.signal, onEvent: () => {} };
  const again = runNode({ url: studio.url, seedHex, ...claim }).catch((error: unknown) => error);
  cleanups.push(async () => {
    stop.abort();
    await again;
  });
  await expect.poll(() => lost, { timeout: 20_000, interval: 10 }).toBe(1);
  await expect
    .poll(() => studio.mesh.grooveSessionsFree(node), { timeout: 20_000, interval: 10 })
    .toBe(free + 1);
  studio.mesh.openGroove(session).ask(0, [0], 0n);
  await expect.poll(() => commits, { timeout: 20_000, interval: 10 }).toBe(1);
  expect(lost).toBe(1);
});

async function converse(url: string, frames: readonly string[]): Promise<string[]> {
  const socket = new WebSocket(url);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame);
    });
  });
  return heard;
}

const CLAIM = { publicKey: '11'.repeat(32), name: 'x', ownerGroup: 'y', payee: `p${'0'.repeat(32)}` };
const HELLO = JSON.stringify({ type: 'hello', protocol: 'jamnet/mesh/v1', claim: CLAIM });

test.each([
  ['message-not-json', ['{']],
  ['message-malformed', ['{"type":"hello"}']],
  ['message-malformed', [JSON.stringify({ type: 'lease', call: 1, limit: 51 })]],
  ['handshake-expected', [JSON.stringify({ type: 'heartbeat', running: 0 })]],
  ['handshake-expected', [HELLO, HELLO]],
  ['signature-invalid', [HELLO, JSON.stringify({ type: 'prove', signature: '00'.repeat(64) })]],
])('a stranger is refused with %s and the mesh goes on', async (code, frames) => {
  const studio = await startStudio();
  const heard = await converse(studio.url, frames);
  expect(heard.map((text) => JSON.parse(text).code).filter(Boolean)).toContain(code);
  expect(await studio.coordinator.nodes()).toEqual([]);
});

test('a frame larger than the limit ends the connection only', async () => {
  const studio = await startStudio();
  await converse(studio.url, ['x'.repeat(5 * 1024 * 1024)]);
  expect(studio.mesh.connected()).toEqual([]);
  expect(await converse(studio.url, ['{'])).toHaveLength(1);
});
