import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toHex } from '@jamnet/base';
import {
  askControl,
  encodeRingerInput,
  kernelOf,
  NodeDirectory,
  nodeKeyFromSeed,
  pairStatement,
  runHost,
} from '@jamnet/jamnode';
import type { NewTask } from '@jamnet/mesh';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParts } from '../../packages/studio/src/composition/open-studio.ts';
import { parseStudioConfig } from '../../packages/studio/src/config/studio-config.ts';
import { lookAt } from './look-at.ts';
import { openBrowser } from './page-browser.ts';
import { makeAccount, newPerson, type Person } from './person.ts';
import { speak, untranslated } from './sentences.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const SEED = '5a'.repeat(32);

type Opened = Extract<Awaited<ReturnType<typeof openParts>>, { ok: true }>['value'];

let directory = '';
let house: Opened;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-nodes-page-'));
  const config = parseStudioConfig({ data: join(directory, 'studio'), port: '0' });
  if (!config.ok) throw new Error(config.message);
  const opened = await openParts(config.value, { checkout: CHECKOUT, create: true });
  if (!opened.ok) throw new Error(opened.message);
  house = opened.value;
  origin = (await house.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await house?.close();
  rmSync(directory, { recursive: true, force: true });
});

const look = (page: Page, name: string): Promise<void> => lookAt(page, `nodes-${name}`);

async function newMember(name: string): Promise<Person> {
  const person = await newPerson(browser, { locale: 'en-US' });
  const made = await house.services.accounts.invite('member');
  await makeAccount(person.page, `${origin}/account/#join=${made.ok ? made.value : ''}`, name);
  return person;
}

function ringer(seed: number): NewTask {
  const input = encodeRingerInput({ seed, size: 32, rounds: 4 });
  const operations = kernelOf('bench.ringer', 1)?.operations(input);
  if (!operations?.ok) throw new Error('bench.ringer counts its own input');
  const task = { kind: 'bench.ringer', version: 1, input, operations: operations.value, subject: 'test' };
  return { ...task, audience: 'strangers' };
}

describe('the page of one’s machines', () => {
  it('shows a paired machine at work with its rules, why it rests, and each task it was paid for; nobody else sees it', async () => {
    const { context, page } = await newMember('Hana');
    await page.goto(`${origin}/account/?#machines`);
    await page.waitForURL(`${origin}/nodes/`);
    await page.getByText('No machine has worked for you yet.').waitFor();
    await page.getByRole('button', { name: 'Make a code for one machine' }).click();
    const command = (await page.locator('.codes code').textContent()) ?? '';
    const code = /[0-9A-Z]{4}(-[0-9A-Z]{4})+/.exec(command)?.[0] ?? '';

    // The machine: its key signs, then it works for the member, by a rule of its owner's.
    const key = nodeKeyFromSeed(SEED);
    const paired = await fetch(`${origin}/api/nodes/pair`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code,
        publicKey: key.publicKey,
        signature: toHex(key.sign(pairStatement(code, key.publicKey))),
      }),
    });
    const owner = (await paired.json()) as { ownerGroup: string; payee: string };
    const attic = new NodeDirectory(join(directory, 'attic'));
    writeFileSync(attic.rulesFile, '{"idleMinutes": 5, "schedule": ["mon-sun"]}');
    const stop = new AbortController();
    const user = { idleSeconds: 3_600 };
    const worked = runHost({
      url: `${origin.replace('http', 'ws')}/mesh`,
      seedHex: SEED,
      name: 'attic',
      ...owner,
      directory: attic,
      statedWatts: null,
      signal: stop.signal,
      lookMs: 50,
      readMachine: async () => ({
        weekMinute: 0,
        gpus: [],
        idle: { known: true, idleSeconds: user.idleSeconds, source: 'test' },
      }),
      onEvent: () => undefined,
      onStatus: () => undefined,
    });
    try {
      const created = await house.parts.mesh.apply({ type: 'create', tasks: [1, 2, 3].map(ringer) });
      if (!created.ok) throw new Error(created.message);
      expect((await house.parts.mesh.untilDone(created.value.tasks)).accepted).toHaveLength(3);
      await askControl(attic.controlSocket, 'pause');
      // Told with its next beat.
      await expect
        .poll(() => house.parts.mesh.connected()[0]?.notice?.paused, { timeout: 60_000 })
        .toEqual(['paused-by-owner']);
      await page.reload();
      await page.getByText('You paused it').waitFor();
      await look(page, 'all');
      await page.getByRole('link', { name: 'attic' }).click();
      await page.locator('[data-work]').nth(2).waitFor();
      await page.getByText('bench.ringer').first().waitFor();
      await page.getByText('mon-sun').waitFor();
      await page.getByText('5 min').waitFor();
      await look(page, 'one');
      expect(await untranslated(page, [])).toEqual([]);
      await page.getByText('Du hast ihn angehalten').waitFor();
      await look(page, 'one-german');
      await speak(page, 'English');
      // It stays where its link is opened again, and is not there for somebody else.
      const link = page.url();
      const other = await newMember('Ivo');
      await other.page.goto(link);
      await other.page.getByText('None of your machines has this number.').waitFor();
      const node = link.split('#')[1] ?? '';
      for (const past of ['work', 'decisions']) {
        const asked = await other.context.request.get(`${origin}/api/account/machines/${node}/${past}`);
        expect([asked.status(), (await asked.json()).code]).toEqual([404, 'node-unknown']);
      }
      await other.context.close();
    } finally {
      stop.abort();
      await worked;
      await context.close();
    }
  });
});
