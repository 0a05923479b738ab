import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { parseStudioConfig } from '../config/studio-config.ts';
import { runRelayRole } from './relay-role.ts';

const ROOT = new Uint8Array(32).fill(3);
/** Nobody listens there: the role starts without its bus. */
const NATS_URL = 'nats://127.0.0.1:1';

function configOf(port: number) {
  const config = parseStudioConfig({
    ...{ data: '/nowhere', roles: 'relay', port: `${port}`, natsUrl: NATS_URL },
    rootSecret: Buffer.from(ROOT).toString('hex'),
  });
  if (!config.ok) throw new Error(config.message);
  return config.value;
}

/** Relay processes that this one started and that still run. */
function relaysHere(): number {
  const children = execFileSync('ps', ['--ppid', `${process.pid}`, '-o', 'args='])
    .toString()
    .split('\n');
  return children.filter((line) => line.includes('relay/main.ts')).length;
}

test('a port that somebody has is told in a sentence, and no relay is left behind', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(runRelayRole(configOf(port), ROOT)).rejects.toMatchObject({
    code: 'port-unavailable',
    message: expect.stringContaining(`Port ${port} cannot be opened`),
  });
  expect(relaysHere()).toBe(0);
  await new Promise((resolve) => other.close(resolve));
});

test('it says that it is well, without bus and database, until it is ended', async () => {
  const role = await runRelayRole(configOf(0), ROOT);
  const answer = await fetch(role.url);
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  expect(relaysHere()).toBe(1);
  await role.close();
  await expect(fetch(role.url)).rejects.toThrow();
});
