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

/** So many are made at once; more follow until hosts of both coordinators had a part. */
const TASKS_AT_ONCE = 120;
/** A machine on which that takes more is not short of luck but broken. */
const TASKS_MAX = 1_200;
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
  const ofDoomed = new Set((await coordinator.nodes()).map((node) => node.id));
  await startCoordinator(url.href, 4);
  let made = 0;
  const makeTasks = async () => {
    const tasks = Array.from({ length: TASKS_AT_ONCE }, (_, index) => {
      const input = encodeWaveInput({ seed: made + index, frames: 1024 });
      return { kind: benchWave.kind, version: 1, input, operations: 8192n, subject: 'test' };
    });
    const created = await coordinator.apply(BigInt(Date.now()) * 1000n, { type: 'create', tasks });
    expect(created.answer).toMatchObject({ ok: true, value: { created: TASKS_AT_ONCE } });
    made += TASKS_AT_ONCE;
  };
  await makeTasks();

  // At work: it is killed once its own hosts and those of the other have had results accepted. Which hosts
  // ask first is the machine's choice, so there is work until that is so.
  const hadAPart = async () => {
    const nodes = (await coordinator.work()).map((row) => row.node);
    return nodes.some((node) => ofDoomed.has(node)) && nodes.some((node) => !ofDoomed.has(node));
  };
  while (!(await hadAPart())) {
    expect(made).toBeLessThan(TASKS_MAX);
    const depth = await coordinator.queueDepth();
    if (depth.queued < TASKS_AT_ONCE / 4) await makeTasks();
    await delay(20);
  }
  await makeTasks();
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  let depth = await coordinator.queueDepth();
  expect(depth.accepted).toBeLessThan(made);

  while (depth.accepted + depth.failed < made) {
    await delay(100);
    depth = await coordinator.queueDepth();
  }
  expect(depth).toEqual({ queued: 0, running: 0, checking: 0, accepted: made, failed: 0 });
  const work = await coordinator.work();
  expect(work).toHaveLength(made);
  expect(new Set(work.map((row) => row.task)).size).toBe(made);
  const nodes = await coordinator.nodes();
  const held = nodes.reduce((sum, node) => sum + node.heldUnits + node.releasedUnits, 0n);
  expect(held).toBe(BigInt(made)); // one work unit each
});
