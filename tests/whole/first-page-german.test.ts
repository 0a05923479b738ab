import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallState } from '../../apps/web/src/api/testing/small-state.ts';
import { fillBooks } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { DESKTOP, keepScreen, openBrowser, PHONE, seriousFindings } from './page-browser.ts';
import { speak, untranslated } from './sentences.ts';

let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-first-page-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  origin = await studio.listen();
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** One of everything on the page, which a sample evening would take minutes to fill; the studio behind it is a real one. */
async function openFilled(locale: string): Promise<Page> {
  const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce', locale });
  const page = await context.newPage();
  const state = smallState();
  const filled = {
    ...state,
    takes: state.takes.map((take) => ({
      ...take,
      spans: [{ atSample: 24_000, frames: 128, fate: 'concealed' }],
    })),
    epoch: state.epoch && { ...state.epoch, revenueCents: '123450', contributorShareCents: '67890' },
  };
  await page.route('**/api/events', (route) => route.abort());
  await page.route('**/api/state', (route) => route.fulfill({ json: filled }));
  await page.route('**/peaks?*', (route) =>
    route.fulfill({ json: { sampleRateHz: 48_000, frames: 48_000, peaks: [-1, 1] } }),
  );
  await page.goto(origin);
  await page.locator('#epoch .flow').waitFor();
  return page;
}

test('no sentence of the first page stays English in German, and amounts are written as read there', async () => {
  const page = await openFilled('de-DE');
  await page.locator('html[lang=de]').waitFor();
  await page.getByRole('heading', { name: 'Der Abend, einmal durchgespielt' }).waitFor();
  expect(await untranslated(page, ['Code', 'Audit'])).toEqual([]);
  expect((await page.locator('.flow strong').first().textContent())?.replace(/\s/gu, ' ')).toBe('1.234,50 $');
  await page.getByText('9,5 ms', { exact: true }).first().waitFor();
  for (const [screen, viewport] of [
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ] as const) {
    await page.setViewportSize(viewport);
    expect(await page.evaluate('document.documentElement.scrollWidth'), screen).toBe(viewport.width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousFindings(page), `${screen} ${colorScheme}`).toEqual([]);
      await keepScreen(page, `first-german-${screen}-${colorScheme}`);
    }
  }
  await speak(page, 'English');
  expect(await page.locator('.flow strong').first().textContent()).toMatch(/^\$1,234\.50$/);
  await page.context().close();
}, 180_000);
