import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EPOCH, fillBooks, PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { DESKTOP, keepScreen, openBrowser, PHONE, seriousFindings } from './page-browser.ts';

let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-books-page-'));
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

interface Reader {
  readonly viewport?: typeof PHONE | typeof DESKTOP;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
}

async function reading(reader: Reader, hash: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    viewport: DESKTOP,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...reader,
  });
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  try {
    await page.goto(`${origin}/books/${hash}`);
    await use(page);
    expect(thrown).toEqual([]);
  } finally {
    await context.close();
  }
}

describe('the page of the books', () => {
  it('leads from the list of epochs to one, whose file it hashes itself', async () => {
    await reading({}, '', async (page) => {
      await page.getByRole('link', { name: EPOCH }).click();
      await page.getByRole('button', { name: 'Load the file and hash it here' }).click();
      await page.locator('[data-verdict]').waitFor();
      expect(await page.locator('[data-verdict]').getAttribute('data-verdict')).toBe('holds');
      expect(await page.getByRole('img').getAttribute('aria-label')).toMatch(/music .* %|music .*%/);
      expect(
        await page
          .getByRole('row')
          .filter({ hasText: (PAYEES[0] ?? '').slice(0, 12) })
          .count(),
      ).toBe(1);
    });
  });

  it('says that a file which was changed on the way is not what the log fixed', async () => {
    await reading({}, `#epochs/${EPOCH}`, async (page) => {
      await page.route('**/public/epochs/*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('9', '8') });
      });
      await page.getByRole('button', { name: 'Load the file and hash it here' }).click();
      await page.locator('[data-verdict="fails"]').waitFor();
    });
  });

  it('proves an entry in the page, and refuses a proof that was tampered with', async () => {
    await reading({}, '#entries/5', async (page) => {
      const entry = page.locator('.entry[data-index="5"]');
      await entry.getByRole('button', { name: /Verify/ }).click();
      await entry.locator('[data-verdict="holds"]').waitFor();
      await page.route('**/api/ledger/entries/4/proof', async (route) => {
        const answer = await route.fetch();
        const proof = await answer.json();
        await route.fulfill({
          response: answer,
          json: { ...proof, hashesBase64: proof.hashesBase64.toReversed() },
        });
      });
      const other = page.locator('.entry[data-index="4"]');
      await other.getByRole('button', { name: /Verify/ }).click();
      await other.locator('[data-verdict="fails"]').waitFor();
    });
  });

  it('goes from an account to the entry that moved it', async () => {
    await reading({}, '#accounts', async (page) => {
      await page.getByLabel('Begins with').fill('payee:');
      const account = page.getByRole('link', { name: `payee:${PAYEES[0]}:JAM` });
      await account.click();
      await page.getByRole('table').waitFor();
      const number = await page.locator('tbody th a').first().textContent();
      await page.locator('tbody th a').first().click();
      await page.locator(`.entry[data-index="${number}"]`).waitFor();
    });
  });

  it('says what is not there, and how far the books go', async () => {
    await reading({}, '#entries/999999', async (page) => {
      await page.getByRole('alert').filter({ hasText: 'The books go from entry 0 to' }).waitFor();
    });
    await reading({}, '#epochs/1999-01', async (page) => {
      await page.getByRole('alert').filter({ hasText: 'There is no closed epoch 1999-01' }).waitFor();
    });
  });

  it('speaks German to who reads German, amounts and all', async () => {
    await reading({ locale: 'de-DE' }, `#epochs/${EPOCH}`, async (page) => {
      await page.getByRole('heading', { name: 'Die Bücher' }).waitFor();
      await page.getByText('Nettoeinnahmen').first().waitFor();
      expect(await page.locator('.facts').first().textContent()).toMatch(/\d,\d\d\s?\$/);
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
    });
  });

  for (const [name, reader] of [
    ['phone-light', { viewport: PHONE, colorScheme: 'light' }],
    ['desktop-dark', { viewport: DESKTOP, colorScheme: 'dark' }],
  ] as const)
    for (const part of ['epochs', `epochs/${EPOCH}`, 'accounts', 'entries', 'policies', 'files', 'audit'])
      it(`${part} has no serious finding and does not overflow on ${name}`, async () => {
        await reading(reader, `#${part}`, async (page) => {
          await page.locator('main section').locator('table, .entry, .rows li, .audit').first().waitFor();
          await keepScreen(page, `books-${part.replace('/', '-')}-${name}`);
          expect(await seriousFindings(page)).toEqual([]);
          const beyond = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect(beyond).toBeLessThanOrEqual(0);
        });
      });
});
