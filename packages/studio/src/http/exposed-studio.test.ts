import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStudioConfig, type RawStudioConfig } from '../config/studio-config.ts';
import { firstOperatorLink } from '../members/invitation-link.ts';
import { openStudio, type Studio } from '../studio.ts';
import { makeCertificate } from '../transports/webtransport/certificate.ts';
import { openTlsFront, readTlsFiles } from './tls-front.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const PAYEE = `p${'0'.repeat(32)}`;
const DAY_MS = 86_400_000;

const directory = mkdtempSync(join(tmpdir(), 'jamnet-exposed-'));
const files = { certificateFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
const closing: (() => Promise<void>)[] = [];
let ca: string;

beforeAll(() => {
  ca = renewFiles(Date.now());
});

afterAll(async () => {
  for (const close of closing) await close();
  rmSync(directory, { recursive: true, force: true });
});

/** Writes a certificate for localhost that begins at `nowMs`; answers its PEM. */
function renewFiles(nowMs: number): string {
  const { certificatePem, privateKeyPem } = makeCertificate('127.0.0.1', nowMs);
  writeFileSync(files.certificateFile, certificatePem);
  writeFileSync(files.keyFile, privateKeyPem);
  return certificatePem;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  server.close();
  await once(server, 'close');
  return port;
}

async function open(
  name: string,
  raw: Omit<RawStudioConfig, 'data'>,
): Promise<{ studio: Studio; data: string }> {
  const data = join(directory, name);
  const config = parseStudioConfig({ ...raw, data });
  if (!config.ok) throw new Error(config.message);
  const opened = await openStudio(config.value, { checkout: CHECKOUT, create: true });
  if (!opened.ok) throw new Error(opened.message);
  closing.push(() => opened.value.close());
  return { studio: opened.value, data };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  const sent = send(url, { headers, ca, servername: 'localhost' }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** The status that an upgrade is answered with. */
async function upgrade(url: string, origin: string): Promise<number> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    origin,
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const sent = tlsRequest(url, { headers, ca }).end();
  return await new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', ({ statusCode = 0 }) => resolve(statusCode));
    sent.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
  });
}

describe('a studio with its own certificate', () => {
  let studio: Studio;
  let origin: string;
  let inner: string;

  beforeAll(async () => {
    const port = await freePort();
    origin = `https://localhost:${port}`;
    const tls = { tlsCert: files.certificateFile, tlsKey: files.keyFile };
    const opened = await open('tls', { port: String(port), publicUrl: origin, ...tls });
    studio = opened.studio;
    const { data } = opened;
    expect(await studio.listen()).toBe(origin);
    inner = readFileSync(join(data, 'studio.url'), 'utf8').trim();
    expect(readFileSync(join(data, 'studio.public-url'), 'utf8').trim()).toBe(origin);
  });

  test('answers over TLS, and tells browsers to come no other way', async () => {
    const answer = await ask(`${origin}/api/state`);
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(answer.headers['content-security-policy']).toContain("connect-src 'self'");
  });

  test('refuses other names and pages of other sites', async () => {
    expect(await ask(`${origin}/api/state`, { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(`${origin}/api/state`, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
    });
    expect(await ask(`${origin}/api/state`, { origin })).toMatchObject({ status: 200 });
  });

  test('shows no wallet to who only came over TLS, though from this machine', async () => {
    expect((await ask(`${origin}/api/wallets/${PAYEE}`)).status).toBe(401);
    expect((await ask(`${inner}/api/wallets/${PAYEE}`)).status).not.toBe(401);
  });

  test('takes sockets of nodes over TLS, and none of other sites’ pages', async () => {
    expect(await upgrade(`${origin}/mesh`, 'https://evil.example')).toBe(403);
    expect(await upgrade(`${origin}/mesh`, origin)).toBe(101);
  });

  test('leads its first operator to the public name', async () => {
    const link = await firstOperatorLink(studio.services.accounts, origin);
    expect(link?.startsWith(`${origin}/account/#join=`)).toBe(true);
  });
});

describe('a studio behind a proxy', () => {
  const PUBLIC = 'https://studio.example';
  const THROUGH = { host: 'studio.example', 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' };
  let inner: string;

  beforeAll(async () => {
    const { studio, data } = await open('proxy', { port: '0', publicUrl: PUBLIC, behindProxy: '127.0.0.1' });
    expect(await studio.listen()).toBe(PUBLIC);
    inner = readFileSync(join(data, 'studio.url'), 'utf8').trim();
  });

  test('answers under its public name to pages of that name', async () => {
    expect((await ask(`${inner}/api/state`, { ...THROUGH, origin: PUBLIC })).status).toBe(200);
    expect((await ask(`${inner}/api/state`, { ...THROUGH, origin: 'https://evil.example' })).status).toBe(
      403,
    );
    expect((await ask(`${inner}/api/state`, { ...THROUGH, host: 'evil.example' })).status).toBe(403);
  });

  test('reads no scheme out of what the proxy passes on', async () => {
    const path = '/api/auth/passkey/generate-authenticate-options';
    const answer = await ask(`${inner}${path}`, { ...THROUGH, 'x-forwarded-proto': 'no scheme' });
    expect(answer.status).toBe(200);
  });

  test('lets pages open WebTransport past the proxy', async () => {
    const policy = (await ask(`${inner}/`, THROUGH)).headers['content-security-policy'];
    expect(policy).toMatch(/connect-src 'self' https:\/\/studio\.example:\d+$/);
  });

  test('takes nobody for a visitor at this machine, whatever the proxy leaves out', async () => {
    expect((await ask(`${inner}/api/wallets/${PAYEE}`, THROUGH)).status).toBe(401);
    expect((await ask(`${inner}/api/wallets/${PAYEE}`)).status).toBe(401);
  });
});

test('a studio behind a proxy that is reached at one address of this machine is asked by it on loopback', async () => {
  // Linux has all of 127.0.0.0/8; elsewhere the machine may have this address alone.
  const host = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
  const port = await freePort();
  const { studio, data } = await open('one-address', {
    ...{ host, port: String(port), publicUrl: 'https://studio.example', behindProxy: host },
  });
  await studio.listen();
  const inner = readFileSync(join(data, 'studio.url'), 'utf8').trim();
  expect((await ask(`${inner}/api/state`)).status).toBe(200);
  const outside = await ask(`http://${host}:${port}/api/state`, { host: 'studio.example' });
  expect(outside.status).toBe(200);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
test.skipIf(!hasIpv6)('a studio on the IPv6 loopback listens, its bridge for pages too', async () => {
  const { studio } = await open('six', { host: '::1', port: '0' });
  const url = await studio.listen();
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await ask(`${url}/api/state`)).status).toBe(200);
  const link = await firstOperatorLink(studio.services.accounts, url);
  expect(link).toMatch(/^http:\/\/localhost:\d+\//);
});

describe('the files of TLS', () => {
  test.each([
    ['has ended', 'localhost', 20 * DAY_MS, /ended on/],
    ['begins later', 'localhost', -2 * DAY_MS, /begins on/],
    ['is for another name', 'studio.example', 0, /is not for studio\.example/],
  ])('are refused when the certificate %s', (_, name, laterMs, sentence) => {
    const read = readTlsFiles(files, name, Date.now() + laterMs);
    expect(read).toMatchObject({ ok: false, code: 'tls-unusable' });
    expect(read.ok ? '' : read.message).toMatch(sentence);
  });

  test('are refused when one is missing or belongs to another', () => {
    expect(
      readTlsFiles({ ...files, keyFile: join(directory, 'none') }, 'localhost', Date.now()),
    ).toMatchObject({
      code: 'tls-unusable',
    });
    const stranger = join(directory, 'stranger.pem');
    writeFileSync(stranger, makeCertificate('127.0.0.1', Date.now()).privateKeyPem);
    expect(readTlsFiles({ ...files, keyFile: stranger }, 'localhost', Date.now())).toMatchObject({
      code: 'tls-unusable',
    });
  });

  test.each([
    ['certificate', { certificateFile: files.keyFile, keyFile: files.keyFile }],
    ['key', { certificateFile: files.certificateFile, keyFile: files.certificateFile }],
  ])('are refused by name when one is no %s', (what, wrong) => {
    const read = readTlsFiles(wrong, 'localhost', Date.now());
    const file = what === 'key' ? wrong.keyFile : wrong.certificateFile;
    expect(read.ok ? '' : read.message).toContain(`${file} cannot be read as a PEM ${what}`);
  });

  test('are read again while the studio runs; of no use, the old ones stay', async () => {
    const server = createServer((_, response) => response.end('in'));
    const exposure = { origin: 'https://localhost', hostname: 'localhost', tls: files, proxies: [] };
    const faults: string[] = [];
    const front = await openTlsFront(server, {
      host: '127.0.0.1',
      port: 0,
      exposure,
      nowMs: Date.now,
      onFault: (message) => faults.push(message),
    });
    closing.push(() => front.close());
    const url = `https://localhost:${front.port}/`;
    expect((await ask(url)).text).toBe('in');
    writeFileSync(files.keyFile, 'no key');
    expect(front.renew()).toBe(false);
    expect(faults).toHaveLength(1);
    expect((await ask(url)).text).toBe('in');
    ca = renewFiles(Date.now());
    expect(front.renew()).toBe(true);
    expect((await ask(url)).text).toBe('in');
  });

  test('let the studio end while strangers hold connections that never spoke TLS', async () => {
    const exposure = { origin: 'https://localhost', hostname: 'localhost', tls: files, proxies: [] };
    const parts = { host: '127.0.0.1', port: 0, exposure, nowMs: Date.now, onFault: () => undefined };
    const front = await openTlsFront(createServer(), parts);
    const stranger = connect(front.port, '127.0.0.1');
    await once(stranger, 'connect');
    // Answered once the server has taken the connection before it.
    await expect(
      ask(`https://localhost:${front.port}/`, { upgrade: 'x', connection: 'upgrade' }),
    ).rejects.toThrow();
    const gone = once(stranger, 'close');
    await front.close();
    await gone;
  });

  test('that are of no use keep a studio from listening', async () => {
    const tls = { tlsCert: join(directory, 'none'), tlsKey: join(directory, 'none') };
    const { studio } = await open('broken', { port: '0', publicUrl: 'https://localhost:1', ...tls });
    await expect(studio.listen()).rejects.toThrow(Failure);
  });
});
