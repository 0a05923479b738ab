import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHAPTERS, isSpecification } from '../../apps/web/src/docs/chapters.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { lookAt } from './look-at.ts';
import { DESKTOP, openBrowser, PHONE } from './page-browser.ts';
import { untranslated } from './sentences.ts';

const FIRST_VIEW_BYTES_MAX = 250_000;
/** Names, and words that German took over. */
const KNOWN = [
  'JAM, JAMBucks',
  'µJAM',
  'Code',
  ...['Ada, Code', 'Bo, Code', 'Cy, Code'],
  'OpenAPI',
  'TOAST',
  'JDAT',
  'Groove',
  'schedule',
  'idle minutes',
  'devices',
];

let directory = '';
let studio: Studio;
let browser: Browser;
let docs = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-docs-page-'));
  studio = await openStudioIn(directory);
  docs = `${await studio.listen()}/docs/`;
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function reading(locale: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: DESKTOP, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  page.on('console', (message) => message.type() === 'error' && thrown.push(message.text()));
  try {
    await use(page);
    expect(thrown).toEqual([]);
  } finally {
    await context.close();
  }
}

async function open(page: Page, chapter: string): Promise<void> {
  await page.goto(`${docs}#${chapter}`);
  await page.locator(`.docs-nav [aria-current=page][href="#${chapter}"]`).waitFor();
  await page.locator('article h2').waitFor();
}

const look = (page: Page, name: string): Promise<void> => lookAt(page, `docs-${name}`);

describe('the documentation', () => {
  it('has every chapter, in both languages where it is a guide, and none wider than a phone', async () => {
    await reading('en-GB', async (page) => {
      await page.setViewportSize(PHONE);
      for (const chapter of CHAPTERS) {
        await open(page, chapter);
        expect(await page.evaluate('document.documentElement.scrollWidth'), chapter).toBe(PHONE.width);
        if (isSpecification(chapter))
          expect(await page.locator('.docs-text table').count(), chapter).toBeGreaterThan(0);
        else expect(await untranslated(page, KNOWN), chapter).toEqual([]);
      }
    });
  });

  it('opens at a heading that its address names, and says where the text of a specification lies', async () => {
    await reading('de-DE', async (page) => {
      await page.goto(`${docs}#toast/3-keys`);
      const heading = page.getByRole('heading', { name: '3. Keys' });
      await heading.waitFor();
      await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('toast/3-keys');
      await expect.poll(async () => (await heading.boundingBox())?.y ?? 9_999).toBeLessThan(200);
      expect(await page.locator('article').getAttribute('lang')).toBe('en');
      await page.getByText('packages/toast/SPEC.md').first().waitFor();
      await look(page, 'toast-german');
    });
  });

  it('calculates an epoch and a run on the reserve as the books do, and says when it cannot', async () => {
    await reading('en-GB', async (page) => {
      await open(page, 'formulas');
      const share = page.locator('[data-result=share]');
      await share.waitFor();
      await page.getByLabel('Hardware, $').fill('0');
      await page.getByLabel('Compute licences, $').fill('0');
      await page.getByLabel('Subscriptions, $').fill('1001');
      await expect.poll(() => share.textContent()).toBe('$500.50');
      // $500.50 at $2 a unit.
      expect(await page.locator('[data-result=issued]').textContent()).toBe('250.25 JAM');
      // Published in the economy's own tests: 10 % of all units is paid in 7 months.
      expect(await page.locator('[data-result=months]').textContent()).toBe('Paid in full after 7 months.');
      await look(page, 'formulas');
      await page.getByLabel('Subscriptions, $').fill('a lot');
      await page.getByRole('alert').getByText('There is no result').waitFor();
    });
  });

  it('is a small first view, which looks as it should', async () => {
    await reading('en-GB', async (page) => {
      let bytes = 0;
      const sizes: Promise<void>[] = [];
      page.on('response', (answer) => {
        if (!/\.js$/.test(new URL(answer.url()).pathname)) return;
        sizes.push(
          answer.body().then((body) => {
            bytes += gzipSync(body).length;
          }),
        );
      });
      await open(page, 'start');
      await Promise.all(sizes);
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThanOrEqual(FIRST_VIEW_BYTES_MAX);
      await look(page, 'start');
    });
  });
});
