import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encodeWav } from '@jamnet/jdat';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM_PATH, openChromium } from '../../packages/studio/src/transports/bench/chromium.ts';
import { takeRecorded, tapPage } from '../../packages/studio/src/transports/bench/page-taps.ts';
import { toneResidualDb } from '../../packages/studio/src/transports/bench/tone-residual.ts';
import { makeCertificate } from '../../packages/studio/src/transports/webtransport/certificate.ts';
import { runCli, spawnCli } from '../setup/studio-process.ts';
import { withoutWebTransport } from './page-browser.ts';

/** An address of this machine that is none of the loopback names: the studio must take it for one from outside. */
const ADDRESS = '127.0.0.2';

const RATE_HZ = 48_000;
const TONE_HZ = 440;
const WINDOW_FRAMES = 2048;
/** What is left beside the tone where it comes through: nothing that a hole or silence could look like. */
const AUDIBLE_DB = -60;

const directory = mkdtempSync(join(tmpdir(), 'jamnet-exposed-'));
let studio: ReturnType<typeof spawnCli>;
let browser: Browser;
let link: string;
let wav: string;

beforeAll(async () => {
  const origin = `https://${ADDRESS}:${await freePort()}`;
  const { certificatePem, privateKeyPem } = makeCertificate(ADDRESS, Date.now());
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  wav = join(directory, 'tone.wav');
  writeFileSync(cert, certificatePem);
  writeFileSync(key, privateKeyPem);
  const tone = Float32Array.from(
    { length: RATE_HZ },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * TONE_HZ * i) / RATE_HZ),
  );
  writeFileSync(wav, encodeWav({ sampleRateHz: RATE_HZ, channels: [tone] }, { bitsPerSample: 16 }));
  const data = join(directory, 'data');
  const tls = ['--host', ADDRESS, '--public-url', origin, '--tls-cert', cert, '--tls-key', key];
  studio = spawnCli(['up', '--no-sample', '--data', data, '--port', new URL(origin).port, '--json', ...tls]);
  expect(await listening()).toBe(origin);
  const opened = await openChromium(process.env.JAMNET_CHROMIUM ?? CHROMIUM_PATH);
  if (!opened.ok) throw new Error(opened.message);
  browser = opened.value.browser;
  const invited = await runCli(['room', 'invite', '--room', 'attic', '--data', data, '--json']);
  expect(invited.stderr).toBe('');
  link = (JSON.parse(invited.stdout) as { link: string }).link; // our own command's answer
  expect(link.startsWith(`${origin}/#join=`)).toBe(true);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  studio?.kill('SIGTERM');
  if (studio !== undefined) await once(studio, 'exit');
  rmSync(directory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, ADDRESS);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(): Promise<string> {
  if (!studio.stdout) throw new Error('the studio has no output');
  for await (const line of createInterface({ input: studio.stdout })) {
    // The program's own JSON Lines.
    const event = JSON.parse(line) as { event?: string; url?: string };
    if (event.event === 'listening') return event.url ?? '';
  }
  throw new Error('the studio ended before it listened');
}

async function enter(name: string, source: string, prepare: (page: Page) => Promise<void>): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await prepare(page);
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('radio', { name: source }).check();
  if (source === 'A sound file') await page.locator('input[type=file]').setInputFiles(wav);
  await page.getByRole('button', { name: 'Join the room' }).click();
  return page;
}

it.each([
  { path: 'webtransport', prepare: async () => undefined },
  { path: 'data-channel', prepare: withoutWebTransport },
])('pages that come over TLS from outside hear each other by $path', async ({ path, prepare }) => {
  const player = await enter(`Ann-${path}`, 'A sound file', prepare);
  const listener = await enter(`Bob-${path}`, 'Only listen', async (page) => {
    await prepare(page);
    await tapPage(page);
  });
  for (const page of [player, listener]) {
    await page.locator(`[data-path=${path}][data-state=open]`).waitFor({ timeout: 30_000 });
    await page.locator('[data-phase=playing]').waitFor({ timeout: 30_000 });
  }
  // However busy the machine is: some 43 ms of the tone come through.
  const until = Date.now() + 60_000;
  let best = 0;
  while (best > AUDIBLE_DB && Date.now() < until) {
    const heard = await takeRecorded(listener, 'output', RATE_HZ);
    for (let at = 0; at + WINDOW_FRAMES <= heard.length; at += WINDOW_FRAMES)
      best = Math.min(best, toneResidualDb(heard.subarray(at, at + WINDOW_FRAMES), TONE_HZ, RATE_HZ));
  }
  expect(best).toBeLessThanOrEqual(AUDIBLE_DB);
  await Promise.all([player.context().close(), listener.context().close()]);
});
