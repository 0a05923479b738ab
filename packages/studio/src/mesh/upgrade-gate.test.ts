import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { OwnSite } from '../http/own-site.ts';
import { type OpenedMesh, openMesh } from './testing/open-mesh.ts';
import { judgeUpgrade } from './upgrade-gate.ts';

let opened: OpenedMesh;
beforeEach(async () => {
  opened = await openMesh({ connectionsMax: 2 });
});
afterEach(() => opened.close());

interface Upgrade {
  readonly target?: string;
  readonly host?: string;
  readonly origin?: string;
}

function upgradeRequest({ target = '/mesh', host = '127.0.0.1', origin }: Upgrade): string {
  const lines = [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  if (origin !== undefined) lines.push(`Origin: ${origin}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The status of the answer, or `null` when the connection ended without one. */
async function statusOf(upgrade: Upgrade): Promise<number | null> {
  const socket = connect(opened.port, '127.0.0.1');
  socket.write(upgradeRequest(upgrade));
  const first = await Promise.race([once(socket, 'data').then(([data]) => String(data)), text(socket)]);
  socket.destroy();
  return first === '' ? null : Number(first.split(' ')[1]);
}

test.each(['//', '//[', '/', '/mesh/', '/meshes', 'http://[', '/live?to=/mesh'])(
  'ends an upgrade for %s, and the mesh goes on',
  async (target) => {
    expect(await statusOf({ target })).toBeNull();
    expect(await statusOf({})).toBe(101);
  },
);

test.each<[string, Upgrade]>([
  ['an address of its own', { host: '127.0.0.1' }],
  ['a name of its own', { host: 'localhost:8440' }],
  ['a name in capitals', { host: 'LOCALHOST:8440' }],
  ['an IPv6 address of its own', { host: '[::1]:8440' }],
  ['a query', { target: '/mesh?x=1' }],
  ['a page of its own', { host: 'localhost:8440', origin: 'http://localhost:8440' }],
  ['a page of its own behind TLS', { host: 'localhost:8440', origin: 'https://localhost:8440' }],
])('lets in %s', async (_, upgrade) => {
  expect(await statusOf(upgrade)).toBe(101);
});

test.each<[string, Upgrade]>([
  ['a name that resolves to us', { host: 'rebound.example:8440' }],
  ['a name that begins like ours', { host: 'localhost.example' }],
  ['a name that ends like ours', { host: 'evil-localhost' }],
  ['an address that begins like ours', { host: '127.0.0.1.example' }],
  ['another address', { host: '192.168.1.2:8440' }],
  ['no name', { host: '' }],
  ['a page of another site', { origin: 'https://example.org' }],
  ['a page on another port', { host: 'localhost:8440', origin: 'http://localhost:3000' }],
  ['a page without an origin', { origin: 'null' }],
  ['a page of another scheme', { origin: 'ftp://127.0.0.1' }],
])('refuses %s with 403', async (_, upgrade) => {
  expect(await statusOf(upgrade)).toBe(403);
});

test.each([
  ['192.0.2.7', 'mesh'],
  ['127.0.0.1', 'mesh'],
  ['192.0.2.8', 'forbidden'],
  [undefined, 'forbidden'],
])('behind the proxy 192.0.2.7 an upgrade from %s is %s', (remoteAddress, verdict) => {
  const exposure = {
    origin: 'https://studio.example',
    hostname: 'studio.example',
    tls: null,
    proxies: ['192.0.2.7'],
  };
  const request = { url: '/mesh', headers: { host: 'studio.example' }, socket: { remoteAddress } };
  expect(judgeUpgrade(request, new OwnSite(exposure))).toBe(verdict);
});

test('survives strangers that reset the connection before they are answered', async () => {
  for (const upgrade of [{ target: '//' }, { origin: 'https://example.org' }]) {
    const socket = connect(opened.port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(upgradeRequest(upgrade), resolve));
    socket.resetAndDestroy();
  }
  expect(await statusOf({})).toBe(101);
});

test('refuses the connection after the last with 503, until one has left', async () => {
  const sockets = [0, 1].map(() => new WebSocket(`ws://127.0.0.1:${opened.port}/mesh`));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  expect(await statusOf({})).toBe(503);
  sockets[0]?.terminate();
  await expect.poll(() => statusOf({}), { interval: 10 }).toBe(101);
});

test('a node without an origin is greeted', async () => {
  const socket = new WebSocket(`ws://localhost:${opened.port}/mesh`);
  await once(socket, 'open');
  socket.terminate();
});
