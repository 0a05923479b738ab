import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { type Chance, seededChance } from '@jamnet/base';
import { PACKET_TYPE, splitToken } from '@jamnet/toast';
import { chromium } from 'playwright-core';
import { issueJoinToken } from '../../packages/studio/src/relay/join-token.ts';
import { PathHub } from '../../packages/studio/src/transports/gateway/path-hub.ts';
import {
  startWebTransport,
  WEBTRANSPORT_PATH,
} from '../../packages/studio/src/transports/webtransport/webtransport-server.ts';

/**
 * How long a packet takes from a page in Chromium over WebTransport and the gateway to an echo in the relay's place and back:
 * `node tests/setup/bench-browser.ts --seconds 20`. Two rows: loopback; 10 ms and 0–2 ms of jitter each way with 1 % loss each way.
 */
const HOST = '127.0.0.1';
const TOKEN_KEY = new Uint8Array(32).fill(1);
/** One packet each 4 ms: what timers of a page can keep. */
const EVERY_MS = 4;
const PACKET_BYTES = 330;

interface Way {
  readonly fixedMs: number;
  readonly jitterMs: number;
  readonly loss: number;
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const seconds = Number(values.seconds);

const echo = await openSocket();
echo.on('message', (bytes, from) => echo.send(bytes, from.port, from.address));
const hub = new PathHub({
  relay: { host: HOST, port: echo.address().port },
  tokenKey: TOKEN_KEY,
  nowUs: () => (performance.timeOrigin + performance.now()) * 1000,
});
const page = createServer((_, response) => {
  response
    .writeHead(200, {
      'content-type': 'text/html',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    })
    .end('<title>bench</title>');
});
await new Promise<void>((resolve) => page.listen(0, HOST, resolve));
// The address of a listening TCP server.
const origin = `http://${HOST}:${(page.address() as AddressInfo).port}`;
let sha256 = '';
const server = await startWebTransport({
  host: HOST,
  port: 0,
  hub,
  isOwnOrigin: (each) => each === origin,
  nowMs: () => Date.now(),
  onCertificate: (certificate) => {
    sha256 = Buffer.from(certificate.sha256).toString('base64');
  },
});
const browser = await chromium.launch({
  executablePath: process.env.JAMNET_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const runs = [
  { name: 'loopback', way: { fixedMs: 0, jitterMs: 0, loss: 0 } },
  { name: '10 ms + 0–2 ms and 1 % loss each way', way: { fixedMs: 10, jitterMs: 2, loss: 0.01 } },
];
for (const { name, way } of runs) {
  const proxy = await openProxy(server.port, way, seededChance(values.seed));
  const tab = await browser.newPage();
  await tab.goto(origin);
  // The script below answers how many it sent and the round trips, ms.
  const seen = (await tab.evaluate(script(proxy.port))) as { sent: number; trips: number[] };
  const trips = seen.trips.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(1000 * (trips[Math.floor(share * (trips.length - 1))] ?? Number.NaN)) / 1000;
  const row = {
    name,
    sent: seen.sent,
    back: trips.length,
    roundTripMsP50: at(0.5),
    roundTripMsP99: at(0.99),
    roundTripMsMax: at(1),
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
  await tab.close();
  proxy.close();
}
await browser.close();
hub.close('over');
await server.close();
echo.close();
page.close();

function script(port: number): string {
  const token = issueJoinToken(TOKEN_KEY, { room: 'bench', player: 'page', expiresAtUs: 2 ** 52 });
  const parts = token.ok ? splitToken(token.value) : token;
  const ticket = encodeURIComponent(parts.ok ? parts.value.wire : '');
  const header = [0x54, 0x4f, 0x53, 0x54, 3, PACKET_TYPE.audio, 0, 0];
  return `(async () => {
    const hash = Uint8Array.from(atob('${sha256}'), (each) => each.charCodeAt(0));
    const transport = new WebTransport('https://${HOST}:${port}${WEBTRANSPORT_PATH}?ticket=${ticket}', { serverCertificateHashes: [{ algorithm: 'sha-256', value: hash }], congestionControl: 'low-latency' });
    await transport.ready;
    const { datagrams } = transport;
    const writer = (datagrams.createWritable?.() ?? datagrams.writable).getWriter();
    const reader = datagrams.readable.getReader();
    const trips = [];
    (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        trips.push(performance.now() - new DataView(value.buffer, value.byteOffset).getFloat64(40));
      }
    })().catch(() => {});
    const end = performance.now() + ${seconds * 1000};
    let sequence = 0;
    while (performance.now() < end) {
      const packet = new Uint8Array(${PACKET_BYTES});
      packet.set(${JSON.stringify(header)});
      const view = new DataView(packet.buffer);
      view.setUint32(16, sequence++);
      view.setUint16(28, ${PACKET_BYTES - 40});
      view.setFloat64(40, performance.now());
      writer.write(packet).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, ${EVERY_MS}));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    transport.close();
    return { sent: sequence, trips };
  })()`;
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}

/** Any UDP both ways, by chance of the seed: QUIC's packets cannot be looked into, so all are treated alike, handshake included. */
async function openProxy(port: number, way: Way, chance: Chance): Promise<{ port: number; close(): void }> {
  const front = await openSocket();
  const back = await openSocket();
  let client = 0;
  const pass = (send: () => void): void => {
    if (way.fixedMs + way.jitterMs + way.loss === 0) send();
    else if (chance.unit() >= way.loss) setTimeout(send, way.fixedMs + chance.unit() * way.jitterMs);
  };
  front.on('message', (bytes, from) => {
    client = from.port;
    pass(() => back.send(bytes, port, HOST, () => undefined));
  });
  back.on('message', (bytes) => pass(() => front.send(bytes, client, HOST, () => undefined)));
  return {
    port: front.address().port,
    close: () => {
      front.close();
      back.close();
    },
  };
}
