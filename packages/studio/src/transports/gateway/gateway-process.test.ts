import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

const HOST = '127.0.0.1';
const server = createServer();
let gateway: GatewayProcess;

beforeAll(async () => {
  server.listen(0, HOST);
  await once(server, 'listening');
  // No relay is there: nobody plays here.
  const relay = { host: HOST, port: 9 };
  gateway = await startGatewayProcess({ host: HOST, server, relay, tokenKey: new Uint8Array(32) });
});
afterAll(async () => {
  await gateway?.stop();
  server.close();
});

/** Our child that is the gateway. */
function gatewayPid(): number {
  const rows = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const row = rows.split('\n').find((each) => each.includes('transports/gateway/main.ts'));
  return Number(row?.trim().split(' ')[0]);
}

test('a bridge that was killed is there again on the same port, with a certificate of its own', async () => {
  const before = gateway.webTransport();
  expect((await gateway.counters()).opened).toBe(0);
  process.kill(gatewayPid(), 'SIGKILL');
  await expect.poll(() => gateway.webTransport(), { timeout: 30_000 }).toBeNull();
  expect(await gateway.offer('ticket', 'sdp')).toMatchObject({
    status: 503,
    body: { code: 'gateway-restarting' },
  });
  await expect.poll(() => gateway.webTransport(), { timeout: 30_000 }).not.toBeNull();
  expect(gateway.webTransport()?.port).toBe(before?.port);
  expect(gateway.webTransport()?.sha256Base64).not.toBe(before?.sha256Base64);
  expect((await gateway.counters()).opened).toBe(0);
  expect(await gateway.offer('ticket', 'sdp')).toMatchObject({ status: 403 });
});
