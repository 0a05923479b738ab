import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { benchWave, encodeWaveInput } from '@jamnet/jamnode';
import { Coordinator } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { openPostgres } from '@jamnet/sql';
import pg from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import type { GeneratorOptions } from './bench/bench-generator-main.ts';
import { sharedParts } from './testing/shared-parts.ts';

const TASKS = 120;
const DATABASE = 'test_coordinators';
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function start(main: string, argument: string): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, main), argument], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanups.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('a process ended without a word');
}

/** A coordinator and its four hosts, each in a process. */
async function startCoordinator(url: string, firstHost: number): Promise<ChildProcess> {
  const coordinator = start('testing/coordinator-main.ts', url);
  const port = await firstLine(coordinator);
  const options: GeneratorOptions = {
    url: `ws://127.0.0.1:${port}/mesh`,
    hosts: 4,
    workers: 4,
    firstHost,
    heartbeatMs: 1000,
    askMs: 500,
    batch: 8,
  };
  await firstLine(start('bench/bench-generator-main.ts', JSON.stringify(options)));
  return coordinator;
}

test('of two coordinators on one PostgreSQL one is killed at work: no task is lost, none is paid twice', async () => {
  await onServer(`CREATE DATABASE ${DATABASE}`);
  cleanups.push(() => onServer(`DROP DATABASE ${DATABASE} WITH (FORCE)`));
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${DATABASE}`;
  const database = openPostgres({ url: url.href });
  cleanups.push(() => database.close());
  const coordinator = new Coordinator(sharedParts(), await openMeshStore(database));

  const doomed = await startCoordinator(url.href, 0);
  await startCoordinator(url.href, 4);
  const tasks = Array.from({ length: TASKS }, (_, seed) => {
    const input = encodeWaveInput({ seed, frames: 1024 });
    return { kind: benchWave.kind, version: 1, input, operations: 8192n, subject: 'test' };
  });
  const created = await coordinator.apply(BigInt(Date.now()) * 1000n, { type: 'create', tasks });
  expect(created.answer).toMatchObject({ ok: true, value: { created: TASKS } });

  // At work: it is killed while hosts of its own hold leases and results of theirs are being checked.
  let depth = await coordinator.queueDepth();
  while (depth.accepted < TASKS / 4) {
    await delay(20);
    depth = await coordinator.queueDepth();
  }
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  const left = await coordinator.queueDepth();
  expect(left.accepted).toBeLessThan(TASKS);

  while (depth.accepted + depth.failed < TASKS) {
    await delay(100);
    depth = await coordinator.queueDepth();
  }
  expect(depth).toEqual({ queued: 0, running: 0, checking: 0, accepted: TASKS, failed: 0 });
  const work = await coordinator.work();
  expect(work).toHaveLength(TASKS);
  expect(new Set(work.map((row) => row.task)).size).toBe(TASKS);
  const nodes = await coordinator.nodes();
  const held = nodes.reduce((sum, node) => sum + node.heldUnits + node.releasedUnits, 0n);
  expect(held).toBe(BigInt(TASKS)); // one work unit each
  // Hosts of both had a part in it.
  expect(new Set(work.map((row) => row.node)).size).toBeGreaterThan(4);
});
