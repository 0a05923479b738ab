import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@jamnet/accounts';
import type { Studio } from '@jamnet/studio';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillBooks } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { letCandidateWait } from '../../packages/studio/src/training/testing/waiting-candidate.ts';
import { lookAt } from './look-at.ts';
import { openBrowser } from './page-browser.ts';
import { makeAccount, newPerson, type Person } from './person.ts';

let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-candidates-page-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function personWith(role: Role, name: string, locale = 'en-US'): Promise<Person> {
  const person = await newPerson(browser, { locale });
  const invited = await studio.services.accounts.invite(role);
  await makeAccount(person.page, `${origin}/account/#join=${invited.ok ? invited.value : ''}`, name);
  return person;
}

it('a model that waits to be heard is shown with what it waits for to curators, who hear it, and to the operator, who reads what became of the one before', async () => {
  const curators = [];
  for (const [name, locale] of [
    ['Ada', 'en-US'],
    ['Cleo', 'de-DE'],
    ['Emil', 'en-US'],
  ] as const)
    curators.push(await personWith('curator', name, locale));
  const [ada, cleo] = curators;
  const { trial } = studio.services.training;
  await letCandidateWait(trial, 'round-1');
  await trial.withdraw('the takes were mislabelled');
  expect(await letCandidateWait(trial, 'round-2')).toMatchObject({ state: 'waits' });

  await ada?.page.goto(`${origin}/curate/`);
  await ada?.page.getByText('Which sounds more like undisturbed playing?').waitFor();
  await ada?.page.getByText('0 of 3 households have heard it.').waitFor();
  await ada?.page.locator('.pair-side:enabled').first().waitFor();
  if (ada) await lookAt(ada.page, 'curate-trial');
  await cleo?.page.goto(`${origin}/curate/`);
  await cleo?.page.getByRole('heading', { name: 'Modelle auf Probe' }).waitFor();
  await cleo?.page.getByText('0 von 3 Haushalten haben es gehört.').waitFor();
  await cleo?.page.getByText('zurückgezogen: „the takes were mislabelled“').waitFor();

  const operator = await personWith('operator', 'Fay');
  await operator.page.goto(`${origin}/curate/`);
  await operator.page.locator('[data-candidate="waiting"]').getByText('1.2% better by its figures').waitFor();
  await operator.page.getByText('the operator withdrew it: “the takes were mislabelled”').waitFor();
  expect(await operator.page.getByRole('heading', { name: 'Blind listening' }).count()).toBe(0);
  await lookAt(operator.page, 'curate-operator');
  for (const { context } of [...curators, operator]) await context.close();
}, 240_000);
