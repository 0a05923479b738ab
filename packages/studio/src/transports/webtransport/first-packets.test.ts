import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { PathHub } from '../gateway/path-hub.ts';
import { connectWebTransport, firstPacket } from '../testing/quic-client.ts';
import { UNPROVED_MAX } from './quic-listener.ts';
import { startWebTransport } from './webtransport-server.ts';

const HOST = '127.0.0.1';
const ORIGIN = 'http://127.0.0.1:8440';
/** RFC 9000 §8.1: what may be sent to an address that nobody has proved, by what came from it. */
const AMPLIFICATION_MAX = 3;

test('first packets of clients that never answer fill no more than their share, are not amplified, and let pages in', async () => {
  const server = await startWebTransport({
    host: HOST,
    port: 0,
    hub: new PathHub({ relay: { host: HOST, port: 9 }, tokenKey: new Uint8Array(32), nowUs: () => 1e9 }),
    isOwnOrigin: (origin) => origin === ORIGIN,
    nowMs: () => Date.now(),
    onCertificate: () => undefined,
  });
  const forger = createSocket('udp4');
  forger.bind(0, HOST);
  await once(forger, 'listening');
  let [sentBytes, gotBytes] = [0, 0];
  forger.on('message', (packet) => {
    gotBytes += packet.length;
  });
  const forge = (): void => {
    const packet = firstPacket(server.port);
    sentBytes += packet.length;
    forger.send(packet, server.port, HOST);
  };
  // A datagram may get lost, also here: more go out until the share is full.
  const forgeAndCount = (): number => {
    forge();
    return server.connections;
  };
  await expect.poll(forgeAndCount, { timeout: 20_000, interval: 5 }).toBe(UNPROVED_MAX);
  for (let i = 0; i < 3 * UNPROVED_MAX; i++) forge();

  const page = await connectWebTransport(server.port, { path: '/other', origin: ORIGIN }, () => undefined);
  expect(page.status).toBe(404);
  expect(server.connections).toBe(UNPROVED_MAX + 1);
  expect(gotBytes).toBeGreaterThan(0);
  expect(gotBytes).toBeLessThanOrEqual(AMPLIFICATION_MAX * sentBytes);
  await page.close();
  forger.close();
  await server.close();
});
