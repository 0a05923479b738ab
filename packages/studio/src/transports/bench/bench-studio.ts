import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, seededChance } from '@jamnet/base';
import { encodeWav } from '@jamnet/jdat';
import type { BrowserContext, Page } from 'playwright-core';
import { parseStudioConfig } from '../../config/studio-config.ts';
import { openStudio } from '../../studio.ts';
import type { BenchBrowser } from './chromium.ts';
import { tapPage } from './page-taps.ts';

export const RATE_HZ = 48_000;
export const TONE_HZ = 1000;
const PACKET_FRAMES = 64;
const JOIN_MS = 60_000;

/** A studio of its own in a new directory, a room in it, and the sounds that its players play. */
export interface BenchStudio {
  readonly link: string;
  readonly noiseWav: string;
  readonly toneWav: string;
  close(): Promise<void>;
}

export async function openBenchStudio(checkout: string): Promise<BenchStudio> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-browser-'));
  const config = parseStudioConfig({ data: join(directory, 'data'), port: '0' });
  if (!config.ok) throw new Failure(config.code, config.message);
  const studio = await openStudio(config.value, { checkout, create: true });
  if (!studio.ok) throw new Failure(studio.code, studio.message);
  const url = await studio.value.listen();
  const invited = studio.value.services.rooms.invite('bench', 12, PACKET_FRAMES);
  if (!invited.ok) throw new Failure(invited.code, invited.message);
  // Two seconds, exact in 16 bits, below half of full scale: every stretch of it is unlike every other.
  const chance = seededChance('bench-browser');
  const noise = Float32Array.from(
    { length: 2 * RATE_HZ },
    () => Math.round((chance.unit() - 0.5) * 32_000) / 32_768,
  );
  const tone = Float32Array.from(
    { length: RATE_HZ },
    (_, i) => 0.9 * Math.sin((2 * Math.PI * TONE_HZ * i) / RATE_HZ),
  );
  const write = (name: string, samples: Float32Array): string => {
    const file = join(directory, name);
    writeFileSync(file, encodeWav({ sampleRateHz: RATE_HZ, channels: [samples] }, { bitsPerSample: 16 }));
    return file;
  };
  return {
    link: `${url}/#join=${invited.value.invitation}`,
    noiseWav: write('noise.wav', noise),
    toneWav: write('tone.wav', tone),
    close: async () => {
      await studio.value.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface BenchPlayer {
  readonly page: Page;
  readonly context: BrowserContext;
}

/** Two pages in the studio's room: one plays its microphone, the other only listens. */
export async function joinPair(
  { browser }: BenchBrowser,
  link: string,
  names: readonly [string, string],
  followDrift: boolean,
): Promise<{ player: BenchPlayer; listener: BenchPlayer }> {
  const [player, listener] = await Promise.all([enter(names[0], 'microphone'), enter(names[1], 'listen')]);
  for (const { page } of [player, listener])
    await page.locator('[data-phase=playing]').waitFor({ timeout: JOIN_MS });
  await listener.page.locator(`[data-player="${names[0]}"]`).waitFor({ timeout: JOIN_MS });
  return { player, listener };

  async function enter(name: string, source: 'microphone' | 'listen'): Promise<BenchPlayer> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await tapPage(page);
    await page.goto(link);
    await page.locator('input[name=player]').fill(name);
    await page.locator(`input[name=source][value=${source}]`).check();
    if (!followDrift) await page.locator('input[name=drift]').uncheck();
    await page.locator('.join-form button[type=submit]').click();
    return { page, context };
  }
}
