import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommandContext } from '../context.ts';
import { createProgram } from '../program.ts';
import { refusalOf } from '../testing/run-jamnet.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jamnet-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What `jamnet …` prints in this environment, and how it ends. */
async function jamnet(words: readonly string[], environment: Record<string, string>) {
  const stdout = new PassThrough();
  let out = '';
  stdout.on('data', (piece) => {
    out += piece;
  });
  const place = { checkout: folder, dataDirectory: join(folder, 'data'), databaseUrl: undefined };
  // Commands write to their streams and nothing else.
  const streams = { stdout, stderr: new PassThrough() } as unknown as Pick<
    CommandContext,
    'stdout' | 'stderr'
  >;
  const program = createProgram({ ...place, environment, ...streams });
  const refusal = await refusalOf(program.parseAsync(['node', 'jamnet', ...words]));
  return { refusal, out };
}

test('config check tells every setting with its place, and of a secret only that it is set', async () => {
  const { out } = await jamnet(['config', 'check', '--json'], {
    JAMNET_CONFIG: file('studio.json', '{ "relays": 2 }'),
    JAMNET_PORT: '9000',
    DATABASE_URL_FILE: file('url', 'postgres://jamnet:hidden@db/jamnet'),
  });
  const view = JSON.parse(out) as { ok: boolean; settings: { setting: string }[]; issues: unknown[] };
  expect(view).toMatchObject({ ok: true, issues: [] });
  expect(view.settings).toContainEqual({ setting: 'port', value: '9000', source: 'JAMNET_PORT' });
  expect(view.settings).toContainEqual({
    ...{ setting: 'databaseUrl', value: '(set)', source: 'DATABASE_URL_FILE' },
  });
  expect(out).not.toContain('hidden');
});

test('config check lists what is wrong in the file, in the environment and in the values together', async () => {
  const { out, refusal } = await jamnet(['config', 'check', '--json'], {
    JAMNET_CONFIG: file('studio.json', '{ "colour": "red", "relays": 99 }'),
    JAMNET_PORT: '70000',
    NATS_URL_FILE: join(folder, 'none'),
  });
  expect(refusal).toEqual({ code: 'config-invalid', exitCode: 2 });
  const { ok, issues } = JSON.parse(out) as { ok: boolean; issues: { setting: string }[] };
  expect(ok).toBe(false);
  expect(issues.map(({ setting }) => setting).sort()).toEqual(['', 'natsUrl', 'port', 'relays']);
});

test('up refuses the same settings before it makes anything', async () => {
  const { refusal } = await jamnet(['up', '--once'], {
    JAMNET_RELAYS: '99',
    JAMNET_DATA: join(folder, 'new'),
  });
  expect(refusal).toEqual({ code: 'config-invalid', exitCode: 2 });
});
