import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from '../../packages/studio/src/http/server.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { DESKTOP, keepScreen, openBrowser, PHONE, seriousFindings } from './page-browser.ts';

let directory = '';
let studio: Studio;
let server: ReturnType<typeof createServer>;
let browser: Browser;
let url = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-concealment-page-'));
  studio = await openStudioIn(directory);
  server = createServer(studio.services);
  url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/concealment/`;
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

test.each([
  ['phone', 'light', PHONE],
  ['phone', 'dark', PHONE],
  ['desktop', 'light', DESKTOP],
  ['desktop', 'dark', DESKTOP],
] as const)(
  'on a %s in %s the page shows every picture and leaves nobody out',
  async (screen, colorScheme, viewport) => {
    const page = await browser.newPage({ viewport, colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(url, { waitUntil: 'networkidle' });
    expect(await page.locator('figure').count()).toBe(20);
    const widths = await page.locator('img').evaluateAll((images) =>
      // In the page every one of these is a picture element.
      images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    );
    expect(new Set(widths)).toEqual(new Set([960]));
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(viewport.width);
    expect(complaints).toEqual([]);
    await keepScreen(page, `concealment-${screen}-${colorScheme}`);
    await page.close();
  },
);

test('another way of the same sound goes on where the last one was, and only one sounds', async () => {
  const page = await browser.newPage({ viewport: DESKTOP });
  await page.goto(url);
  await page.evaluate(
    `globalThis.all = [...document.querySelectorAll('audio')]; for (const each of all) each.muted = true`,
  );
  await page.evaluate('all[1].play()');
  await expect.poll(() => page.evaluate<number>('all[1].currentTime')).toBeGreaterThan(0.6);
  await page.evaluate('all[2].play()');
  await expect.poll(() => page.evaluate<number>('all[2].currentTime')).toBeGreaterThan(0.3);
  const [isPaused, first, second] = await page.evaluate<[boolean, number, number]>(
    '[all[1].paused, all[1].currentTime, all[2].currentTime]',
  );
  expect(isPaused).toBe(true);
  expect(second).toBeGreaterThanOrEqual(first);
  await page.evaluate('all[7].play()');
  await expect.poll(() => page.evaluate<boolean>('all[2].paused && all[7].currentTime > 0')).toBe(true);
  expect(await page.evaluate<number>('all[7].currentTime')).toBeLessThan(first);
  await page.close();
});
