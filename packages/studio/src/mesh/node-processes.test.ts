import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  benchRinger,
  encodeRepairInput,
  encodeRingerInput,
  nodeKeyFromSeed,
  platformSha256,
  platformVerifySignature,
  standardCatalogue,
  takeRepair,
} from '@jamnet/jamnode';
import { Catalogue, Coordinator, DISPATCH_POLICY, type NewTask, signEntry, TRUST_POLICY } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { attachMesh } from './mesh-socket.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface NodeProcess {
  readonly child: ChildProcess;
  readonly lines: { type: string; code?: string; sentence?: string; sent?: number }[];
  readonly exit: Promise<number | null>;
}

function startProcess(entry: string, url: string, name: string): NodeProcess {
  const seedHex = createHash('sha256').update(name).digest('hex');
  const argument = JSON.stringify({ url, name, ownerGroup: `owner-${name}`, seedHex });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve(entry)), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const lines: NodeProcess['lines'] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  return { child, lines, exit: new Promise((resolve) => child.on('exit', resolve)) };
}

function repairTask(number: number): NewTask {
  const pcm = Int16Array.from({ length: 6000 }, (_, n) => 9000 * Math.sin((n + 100 * number) * 0.043));
  const input = encodeRepairInput({ rateHz: 48_000, pcm, spans: [{ atSample: 3000, frames: 64 }] });
  const operations = takeRepair.operations(input);
  if (!operations.ok) throw new Error(operations.message);
  return {
    kind: 'take.repair',
    version: 1,
    input,
    operations: operations.value,
    subject: 'take',
    audience: 'strangers',
  };
}

test('as processes: the liar is banned and ends, the honest node earns everything and drains on SIGTERM', async () => {
  const database = openSqlite({ file: ':memory:' });
  const entries = standardCatalogue();
  const secret = platformSha256(Buffer.from('studio'));
  const coordinator = new Coordinator(
    {
      catalogue: new Catalogue(entries),
      trust: TRUST_POLICY,
      dispatch: DISPATCH_POLICY,
      secret: platformSha256(Buffer.from('processes')),
      sha256: platformSha256,
      verifySignature: platformVerifySignature,
      trustedKeys: new Set(),
    },
    await openMeshStore(database),
  );
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const mesh = attachMesh(server, {
    coordinator,
    catalogue: entries.map((entry) => signEntry(entry, secret)),
    studioKey: nodeKeyFromSeed(Buffer.from(secret).toString('hex')).publicKey,
    nowUs: () => BigInt(Date.now()) * 1000n,
  });
  cleanups.push(async () => {
    await mesh.close();
    server.close();
    await database.close();
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mesh`;
  const honest = startProcess('@jamnet/jamnode/main', url, 'ada');
  const liar = startProcess('@jamnet/sim/liar-main', url, 'eve');
  await expect.poll(() => mesh.connected().length, { timeout: 40_000, interval: 20 }).toBe(2);

  const ringer = encodeRingerInput({ seed: 1, size: 16, rounds: 1 });
  const ringerOperations = benchRinger.operations(ringer);
  const tasks: NewTask[] = Array.from({ length: 10 }, (_, n) => repairTask(n));
  if (ringerOperations.ok) {
    tasks.push({
      kind: 'bench.ringer',
      version: 1,
      input: ringer,
      operations: ringerOperations.value,
      subject: 'bench',
    });
  }
  const created = await mesh.apply({ type: 'create', tasks, assignment: 'rendezvous' });
  if (!created.ok) throw new Error(created.message);
  expect((await mesh.untilDone(created.value.tasks)).accepted).toHaveLength(11);
  await mesh.settle();

  expect(await liar.exit).toBe(0);
  expect(liar.lines.at(-1)).toMatchObject({ type: 'stopped', code: 'node-banned' });
  expect(liar.lines.filter((line) => line.code === 'refused-fake').length).toBeGreaterThanOrEqual(2);
  const payees = new Set((await coordinator.work({ state: 'released' })).map((row) => row.ownerGroup));
  expect([...payees]).toEqual(['owner-ada']);

  honest.child.kill('SIGTERM');
  expect(await honest.exit).toBe(0);
  expect(honest.lines.at(-1)).toMatchObject({ type: 'drained', sent: 11 });
});
