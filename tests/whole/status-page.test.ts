import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EPOCH, fillBooks } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { lookAt } from './look-at.ts';
import { DESKTOP, openBrowser } from './page-browser.ts';

let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-status-page-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  origin = await studio.listen();
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function watching(locale: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: DESKTOP, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  try {
    await use(page);
    expect(thrown).toEqual([]);
  } finally {
    await context.close();
  }
}

const look = (page: Page, name: string): Promise<void> => lookAt(page, `status-${name}`);

describe('the page of the status', () => {
  it('shows a studio that is well: six checks, queues, relays, books and versions', async () => {
    await watching('en-GB', async (page) => {
      await page.goto(`${origin}/status/`);
      await page.getByText('Everything works.').waitFor();
      expect(await page.locator('[data-check][data-state="ok"]').count()).toBe(6);
      await page.getByRole('link', { name: EPOCH }).waitFor();
      await page.getByText('0 rooms, 0 players').waitFor();
      await page.getByText('Tables of each store').click();
      await page.getByText('economy_reports').waitFor();
      await look(page, 'well');
    });
  });

  it('says in German what fails, keeps what it knew when nothing answers, and asks again by itself', async () => {
    await watching('de-DE', async (page) => {
      await page.clock.install();
      await page.route('**/api/status', async (route) => {
        const answer = await route.fetch();
        const status = await answer.json();
        const fails = { state: 'failed', code: 'store-silent', sentence: 'planted', tookMs: 2000 };
        const checks = status.checks.map((check: { name: string }) =>
          check.name === 'store' ? { ...check, ...fails } : check,
        );
        await route.fulfill({
          response: answer,
          json: { ...status, state: 'not-ready', checks, figures: null },
        });
      });
      await page.goto(`${origin}/status/`);
      await page.getByText('Das Studio ist nicht bereit').waitFor();
      await page.getByText('Sie antwortet nicht. Für den Betreiber').waitFor();
      await look(page, 'failing-german');

      await page.unroute('**/api/status');
      await page.route('**/api/status', (route) => route.abort());
      await page.clock.runFor(5_000);
      await page.getByRole('alert').filter({ hasText: 'Das Studio antwortet nicht' }).waitFor();
      await page.getByText('Das Studio ist nicht bereit').waitFor();

      await page.unroute('**/api/status');
      await page.clock.runFor(5_000);
      await page.getByText('Alles läuft.').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    });
  });
});
