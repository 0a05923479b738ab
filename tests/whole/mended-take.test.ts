import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { encodeWav } from '@jamnet/jdat';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holeAt, writeHoledTake } from '../../packages/studio/src/takes/mending/testing/holed-take.ts';
import { TakeArchive } from '../../packages/studio/src/takes/take-archive.ts';
import { CHROMIUM_PATH, openChromium } from '../../packages/studio/src/transports/bench/chromium.ts';
import { runCli, spawnCli } from '../setup/studio-process.ts';
import { lookAt } from './look-at.ts';
import { DESKTOP } from './page-browser.ts';
import { speak, untranslated } from './sentences.ts';

/** The same in both languages. */
const SAME = ['MIDI', 'WAV', 'FLAC'];
const HOLES = [holeAt(60, 1), holeAt(200, 4), holeAt(700, 2)];

let directory: string;
let data: string;
let studio: ChildProcess;
let host: ChildProcess;
let browser: Browser;

/** A room's recording in which ada did not hear all of ben is in the archive before the studio starts; a host comes to it. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-mended-take-'));
  data = join(directory, 'data');
  const take = join(directory, 'take.jdat');
  writeHoledTake(take, 15, [{ from: 'ben', strangers: true, holes: HOLES }]);
  const filed = await new TakeArchive(join(data, 'takes', 'archive'), Date.now).addFile(take);
  expect(filed).toMatchObject({ ok: true });
  const wav = join(directory, 'tone.wav');
  const tone = Float32Array.from({ length: 48_000 }, (_, n) => 0.2 * Math.sin(n / 19));
  writeFileSync(wav, encodeWav({ sampleRateHz: 48_000, channels: [tone] }, { bitsPerSample: 16 }));
  studio = spawnCli(['up', '--no-sample', '--data', data, '--port', '0', '--json']);
  const url = await listening(studio);
  const claim = { name: 'tower', ownerGroup: 'ada-s-machines', seedHex: 'ad'.repeat(32) };
  const job = JSON.stringify({ ...claim, url: `${url.replace(/^http/, 'ws')}/mesh` });
  const entry = fileURLToPath(import.meta.resolve('@jamnet/jamnode/main'));
  host = spawn(process.execPath, [entry, job], { stdio: 'ignore' });
  const opened = await openChromium(process.env.JAMNET_CHROMIUM ?? CHROMIUM_PATH, { wav });
  if (!opened.ok) throw new Error(opened.message);
  browser = opened.value.browser;
}, 120_000);

afterAll(async () => {
  await browser?.close();
  host?.kill('SIGKILL');
  studio?.kill('SIGTERM');
  if (studio !== undefined) await new Promise((resolve) => studio.once('exit', resolve));
  rmSync(directory, { recursive: true, force: true });
});

async function listening({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the studio has no output');
  for await (const line of createInterface({ input: stdout })) {
    // The program's own JSON Lines.
    const { event, url = '' } = JSON.parse(line) as { event?: string; url?: string };
    if (event === 'listening') return url;
  }
  throw new Error('the studio ended before it listened');
}

test('who comes into a room sees that machines repaired its recording, and opens it as repaired', async () => {
  const run = await runCli(['room', 'invite', '--room', 'attic', '--data', data, '--json']);
  const { link } = JSON.parse(run.stdout) as { link: string }; // our own command's answer
  const page = await (await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce' })).newPage();
  await page.goto(link);
  await page.getByLabel('Your name').fill('Cy');
  await page.getByRole('radio', { name: 'Only listen' }).check();
  await page.getByRole('button', { name: 'Join the room' }).click();
  const take = page.locator('[data-take]');
  // Hosts are asked at once, and what they did is looked at after a minute.
  await take.getByText('repaired 3 holes').waitFor({ timeout: 150_000 });
  await take.getByRole('button', { name: 'Show' }).click();
  await take.getByText('ben, repaired').first().waitFor({ timeout: 30_000 });
  await take.getByText('ada, as played').first().waitFor();
  expect(await untranslated(page, SAME)).toEqual([]);
  await speak(page, 'English');
  await lookAt(page, 'mended-take');
}, 240_000);
