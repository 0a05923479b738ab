import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '@jamnet/studio';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { openBrowser } from './page-browser.ts';

/** The budget of the first view: from the address to a page that answers a click. */
const INTERACTIVE_S_MAX = 2;
const PAGES = ['/', '/account/', '/books/', '/studio/', '/status/'];

let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-first-view-'));
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

// By the main thread's own time: what other programs of the machine take is no matter of the page.
test.each(PAGES)('%s answers a click after less than two seconds of its main thread', async (path) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const debuggerOf = await context.newCDPSession(page);
  await debuggerOf.send('Performance.enable', { timeDomain: 'threadTicks' });
  const begun = performance.now();
  await page.goto(`${origin}${path}`);
  await page.locator('input[name=theme][value=dark]').click();
  await page.locator('html[data-theme="dark"]').waitFor();
  const { metrics } = await debuggerOf.send('Performance.getMetrics');
  const seconds = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  process.stdout.write(
    `first view ${path}: ${seconds('TaskDuration').toFixed(2)} s of the main thread, ${seconds('ScriptDuration').toFixed(2)} s of script; ${((performance.now() - begun) / 1000).toFixed(2)} s by the clock\n`,
  );
  // The clock ran: without it there is no figure.
  expect(seconds('TaskDuration')).toBeGreaterThan(0);
  expect(seconds('TaskDuration')).toBeLessThan(INTERACTIVE_S_MAX);
  await context.close();
});
