import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../packages/studio/src/http/server.ts';
import { EPOCH, fillBooks, HOSTILE_NAME, PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { DESKTOP, keepScreen, openBrowser, PHONE, seriousFindings } from './page-browser.ts';

const PAPER = fileURLToPath(new URL('../../test-results/paper/', import.meta.url));
const [ME = ''] = PAYEES;

let directory = '';
let studio: Studio;
let server: ReturnType<typeof createServer>;
let browser: Browser;
let url = '';
let statement = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-report-pages-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  server = createServer(studio.services);
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  const link = await studio.services.reading.statementLink(ME, EPOCH, 1);
  if (!link.ok) throw new Error(link.message);
  statement = link.value.path;
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

const pages = (): readonly (readonly [string, string])[] => [
  ['success', '/reports/'],
  ['leaderboard', '/reports/leaderboard'],
  ['epoch', `/reports/epochs/${EPOCH}`],
  ['price', '/reports/price'],
  ['statement', statement],
  ['private', `/reports/statements/${ME}/${EPOCH}.html`],
];

async function visit(page: Page, path: string): Promise<readonly string[]> {
  const complaints: string[] = [];
  const listen = (message: { type(): string; text(): string; location(): { url: string } }): void => {
    // The notice of a private page is an answer with status 401, which the console repeats.
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
  };
  page.on('console', listen);
  await page.goto(url + path);
  page.off('console', listen);
  return complaints;
}

describe('the reports in a browser', () => {
  it.each(['light', 'dark'] as const)(
    'fit phone and desktop in %s, break no rule and have no serious finding',
    async (colorScheme) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', colorScheme });
      try {
        const page = await context.newPage();
        for (const [title, path] of pages()) {
          expect(await visit(page, path), title).toEqual([]);
          for (const [screen, viewport] of [
            ['phone', PHONE],
            ['desktop', DESKTOP],
          ] as const) {
            await page.setViewportSize(viewport);
            const width = await page.evaluate('document.documentElement.scrollWidth');
            expect(width, `${title} on ${screen}`).toBe(viewport.width);
            await keepScreen(page, `reports-${title}-${screen}-${colorScheme}`);
          }
          expect(await seriousFindings(page), title).toEqual([]);
        }
      } finally {
        await context.close();
      }
    },
  );

  it('can be read by keyboard: skip link, bar, wide tables that scroll', async () => {
    const context = await browser.newContext({ viewport: PHONE });
    try {
      const page = await context.newPage();
      await visit(page, '/reports/');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.className')).toBe('skip');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      const region = page.getByRole('region', { name: /Closed epochs/ });
      await region.focus();
      await page.keyboard.press('ArrowRight');
      await expect
        .poll(() => page.evaluate("document.querySelector('.scroller').scrollLeft"))
        .toBeGreaterThan(0);
      await visit(page, '/reports/leaderboard');
      await page.getByRole('link', { name: 'Music' }).press('Enter');
      await page.getByText(/JAM issued for music in all closed epochs/).waitFor();
      expect(await page.getByText(HOSTILE_NAME).count()).toBe(1);
    } finally {
      await context.close();
    }
  });

  it('the statement prints: the PDF has its amounts, its lines and no buttons', async () => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await visit(page, statement);
      const amount = await page.locator('.facts dd').first().textContent();
      const pdf = await page.pdf({ preferCSSPageSize: true });
      mkdirSync(PAPER, { recursive: true });
      writeFileSync(join(PAPER, 'statement.pdf'), pdf);
      const text = pdfText(pdf);
      expect(text).toContain(`Statement,epoch${EPOCH}`);
      expect(text).toContain(ME);
      expect(text).toContain(amount);
      expect(text).toContain('Linebyline');
      expect(text).toContain('receipt-1');
      expect(text).toContain('Unitpriceovertime');
      expect(text).not.toContain('AlllinesasCSV');
    } finally {
      await context.close();
    }
  });
});

/** The words of a PDF of Chromium without blanks, by the maps from glyphs to letters that its fonts carry. */
function pdfText(pdf: Buffer): string {
  const objects = new Map<string, string>();
  const raw = pdf.toString('latin1');
  for (const match of raw.matchAll(/(?:^|\n)(\d+) 0 obj\b([\s\S]*?)\nendobj/g))
    objects.set(match[1] ?? '', match[2] ?? '');
  const streamOf = (object: string): string => {
    const at = object.search(/stream\r?\n/);
    if (at < 0) return '';
    const start = at + (object.startsWith('stream\r\n', at) ? 8 : 7);
    const body = Buffer.from(object.slice(start, object.lastIndexOf('\nendstream')), 'latin1');
    return object.includes('/FlateDecode') ? inflateSync(body).toString('latin1') : body.toString('latin1');
  };
  const letters = new Map<string, Map<string, string>>();
  for (const [id, object] of objects) {
    const map = /\/ToUnicode (\d+) 0 R/.exec(object)?.[1];
    if (map) letters.set(id, glyphMap(streamOf(objects.get(map) ?? '')));
  }
  const names = new Map<string, Map<string, string>>();
  for (const object of objects.values())
    for (const match of object.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = letters.get(match[2] ?? '');
      if (map) names.set(match[1] ?? '', map);
    }
  let text = '';
  for (const object of objects.values()) {
    const content = streamOf(object);
    if (!/\bTJ\b|\bTj\b/.test(content)) continue;
    let font = new Map<string, string>();
    for (const match of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
      if (match[1]) font = names.get(match[1]) ?? new Map<string, string>();
      else for (const glyph of match[2]?.match(/.{4}/g) ?? []) text += font.get(glyph.toUpperCase()) ?? '';
    }
  }
  return text.replace(/\s/g, '');
}

function glyphMap(cmap: string): Map<string, string> {
  const map = new Map<string, string>();
  const letter = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const block of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const pair of (block[1] ?? '').matchAll(/<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>/g))
      map.set((pair[1] ?? '').toUpperCase(), letter(pair[2] ?? ''));
  for (const block of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const range of (block[1] ?? '').matchAll(
      /<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})>/g,
    )) {
      const [from, to, first] = [range[1], range[2], range[3]].map((hex) => Number.parseInt(hex ?? '0', 16));
      for (let glyph = from ?? 0; glyph <= (to ?? -1); glyph++)
        map.set(
          glyph.toString(16).toUpperCase().padStart(4, '0'),
          String.fromCharCode((first ?? 0) + glyph - (from ?? 0)),
        );
    }
  return map;
}
