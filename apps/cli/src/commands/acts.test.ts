import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../exit-codes.ts';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-acts-'));
const data = join(root, 'data');
const PAYEE = `p${'5'.repeat(32)}`;

let studio: Studio;

beforeAll(async () => {
  studio = await openStudioIn(data);
  await studio.listen();
});
afterAll(async () => {
  process.exitCode = 0;
  await studio.close();
  rmSync(root, { recursive: true, force: true });
});

const acts = async (): Promise<string> => (await runJamnet(data, ['acts'])).out;

test('an empty trail says what will stand there', async () => {
  expect(await acts()).toContain('No act yet');
});

test('what is no number of an act is refused', async () => {
  expect(await refusalOf(runJamnet(data, ['acts', '--before', 'x']))).toEqual({
    code: 'before-malformed',
    exitCode: EXIT.usage,
  });
});

test('an act is told with its object and held against the log; one that was changed later is told, and fails', async () => {
  await runJamnet(data, ['payee', 'hold', PAYEE, 'review', 'looked at']);
  expect(await acts()).toMatch(
    new RegExp(`1 {2}\\S+Z {2}operator token {2}POST /api/payees/${PAYEE}/holds {2}\\d+ {2}as logged`),
  );
  expect(process.exitCode ?? 0).toBe(0);
  const file = readdirSync(data).find((name) => name.endsWith('.sqlite') || name.endsWith('.db')) ?? '';
  const database = new DatabaseSync(join(data, file));
  database.exec(`UPDATE operator_act SET body = replace(body, '"actor":"token"', '"actor":"nobody"')`);
  database.close();
  expect(await acts()).toContain('NOT WHAT THE LOG SAYS');
  expect(process.exitCode).toBe(EXIT.failed);
});
