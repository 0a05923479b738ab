import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHECK_NAMES, FAULTS } from '../health/health-check.ts';
import type { Studio } from '../studio.ts';
import { EPOCH, fillBooks } from '../testing/lived-books.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';
import { HEALTH_CONTRACTS } from './contracts/health.ts';
import { createServer } from './server.ts';

let directory = '';
let studio: Studio;
let server: FastifyInstance;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-health-routes-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  server = createServer(studio.services);
}, 60_000);
afterAll(async () => {
  await server.close();
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask(url: string) {
  const answer = await server.inject({ url, headers: { host: '127.0.0.1' } });
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() };
}

test('a studio that does not listen yet lives, and is not ready: a problem with its checks beside it', async () => {
  expect(await ask('/api/health')).toMatchObject({ status: 200, body: { ok: true } });
  const { status, type, body } = await ask('/api/ready');
  expect([status, type]).toEqual([503, expect.stringMatching(/^application\/problem\+json/)]);
  expect(body).toMatchObject({ code: 'not-ready', state: 'not-ready', status: 503 });
  expect(body.detail).toBe(`${FAULTS['relays-gone']} ${FAULTS['mesh-closed']}`);
  const codes = body.checks.flatMap(({ code }: { code: string | null }) => code ?? []);
  expect(codes).toEqual(['relays-gone', 'mesh-closed', 'gateway-gone']);
});

test('the status tells of it with 200, and of versions, queues and books beside', async () => {
  const { status, body } = await ask('/api/status');
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: 'not-ready', node: process.version, engine: 'sqlite', relays: [] });
  const { figures } = body;
  expect(figures.lastEpoch.epoch).toBe(EPOCH);
  expect(figures.meshQueue.queued).toBe(0);
  expect(BigInt(figures.checkpoint.size)).toBeGreaterThan(0n);
  expect(figures.checkpoint.witnesses).toEqual([]);
});

test('every store of the database is told with the last step that its tables were brought to', async () => {
  const { figures } = (await ask('/api/status')).body;
  const books = new DatabaseSync(join(directory, 'jamnet.sqlite'), { readOnly: true });
  const tables = books
    .prepare("SELECT name FROM sqlite_master WHERE name LIKE '%\\_migration' ESCAPE '\\' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  const expected = tables.map((table) => ({
    store: table.replace(/_migration$/, ''),
    step: String(books.prepare(`SELECT name FROM ${table} ORDER BY name DESC`).get()?.name),
  }));
  books.close();
  expect(figures.schemas).toEqual(expected);
});

test('nothing in the three answers is a path, an address or a key', async () => {
  for (const url of ['/api/health', '/api/ready', '/api/status']) {
    const text = JSON.stringify((await ask(url)).body);
    expect(text).not.toContain(directory);
    expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+|[0-9a-f]{32}/);
  }
});

test('the contract names every check and every code that there is', () => {
  const text = JSON.stringify(HEALTH_CONTRACTS['GET /api/status'].answer);
  for (const name of [...CHECK_NAMES, ...Object.keys(FAULTS)]) expect(text).toContain(`"${name}"`);
});

test('once it listens it is ready', async () => {
  const origin = await studio.listen();
  // What was found before it listened holds for a second.
  await expect
    .poll(async () => (await fetch(`${origin}/api/ready`)).status, { interval: 100, timeout: 60_000 })
    .toBe(200);
  const ready = (await (await fetch(`${origin}/api/ready`)).json()) as {
    readonly state: string;
    readonly checks: readonly { readonly state: string }[];
  };
  expect(ready.state).toBe('ready');
  expect(ready.checks.map(({ state }) => state)).toEqual(CHECK_NAMES.map(() => 'ok'));
}, 120_000);
