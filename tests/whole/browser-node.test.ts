import { encodeRepairInput, encodeRingerInput, kernelOf } from '@jamnet/jamnode';
import type { NewTask } from '@jamnet/mesh';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedMesh, openMesh } from '../../packages/studio/src/mesh/testing/open-mesh.ts';
import { builtPage } from './built-page.ts';
import { DESKTOP, keepScreen, openBrowser, PHONE, seriousFindings } from './page-browser.ts';
import { speak, untranslated } from './sentences.ts';

let mesh: OpenedMesh;
let browser: Browser;
beforeAll(async () => {
  mesh = await openMesh({ page: builtPage });
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await mesh?.close();
});

async function openPage(size: { width: number; height: number }, scheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ viewport: size, colorScheme: scheme });
  const opened = await context.newPage();
  await opened.goto(`http://127.0.0.1:${mesh.port}/node/`);
  return opened;
}

function taskOf(kind: string, input: Uint8Array): NewTask {
  const operations = kernelOf(kind, 1)?.operations(input);
  if (!operations?.ok) throw new Error(`${kind} does not count its input`);
  return { kind, version: 1, input, operations: operations.value, subject: 'take', audience: 'strangers' };
}

function tasks(): NewTask[] {
  const pcm = Int16Array.from({ length: 6000 }, (_, n) => 9000 * Math.sin(n * 0.043));
  return [
    taskOf(
      'take.repair',
      encodeRepairInput({ rateHz: 48_000, pcm, spans: [{ atSample: 3000, frames: 64 }] }),
    ),
    taskOf('bench.ringer', encodeRingerInput({ seed: 5, size: 64, rounds: 4 })),
  ];
}

test('a tab computes nothing until it is switched on, then earns for results that the studio re-ran, and is gone when it closes', async () => {
  const tab = await openPage(DESKTOP, 'light');
  await tab.getByText('Off. Nothing is computed').waitFor();
  expect(await seriousFindings(tab)).toEqual([]);
  expect(await untranslated(tab)).toEqual([]);
  await speak(tab, 'English');
  expect(mesh.mesh.connected()).toEqual([]);
  const created = await mesh.mesh.apply({ type: 'create', tasks: tasks() });
  if (!created.ok) throw new Error(created.message);
  await tab.getByRole('button', { name: 'Start computing' }).click();
  expect((await mesh.mesh.untilDone(created.value.tasks)).accepted).toHaveLength(2);
  await tab.getByText('2', { exact: true }).first().waitFor();
  await tab.getByText('Connected, waiting for a task').waitFor();
  await keepScreen(tab, 'browser-node-desktop-light');
  expect(await seriousFindings(tab)).toEqual([]);
  const [row] = await mesh.mesh.options.coordinator.nodes();
  expect(row).toMatchObject({ state: 'active', provenFakes: 0, consecutiveValid: 2 });
  await tab.getByRole('button', { name: 'Stop' }).click();
  await tab.getByText('Off. Nothing is computed').waitFor();
  await tab.context().close();
  await expect.poll(() => mesh.mesh.connected().length, { timeout: 60_000 }).toBe(0);
}, 180_000);

test('on a phone in the dark the page is readable, and its key stays while the browser keeps it', async () => {
  const tab = await openPage(PHONE, 'dark');
  const payeeAfterStart = async (): Promise<string | null> => {
    await tab.getByRole('button', { name: 'Start computing' }).click();
    await tab.getByText('Connected, waiting for a task').waitFor();
    return tab.locator('code').textContent();
  };
  const payee = await payeeAfterStart();
  expect(payee).toMatch(/^p[0-9a-f]{32}$/);
  await keepScreen(tab, 'browser-node-phone-dark');
  expect(await untranslated(tab)).toEqual([]);
  await tab.getByText('Verbunden, wartet auf eine Aufgabe').waitFor();
  await keepScreen(tab, 'browser-node-german-phone-dark');
  await speak(tab, 'English');
  expect(await seriousFindings(tab)).toEqual([]);
  const width = await tab.evaluate('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(PHONE.width);
  await tab.reload();
  expect(await payeeAfterStart()).toBe(payee);
  await tab.context().close();
}, 180_000);
