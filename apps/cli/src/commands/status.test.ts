import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudio, parseStudioConfig } from '@jamnet/studio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-status-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('where no studio runs the command says so and ends with 1', async () => {
  expect(await refusalOf(runJamnet(directory, ['status']))).toEqual({
    code: 'studio-not-running',
    exitCode: 1,
  });
});

test('of a running studio it prints each check, the queues and the versions, as text and as JSON', async () => {
  const config = parseStudioConfig({ data: directory, port: '0' });
  if (!config.ok) throw new Error(config.message);
  const opened = await openStudio(config.value, { checkout: directory, create: true });
  if (!opened.ok) throw new Error(opened.message);
  const studio = opened.value;
  try {
    await studio.listen();
    let out = '';
    // A machine with too much to do is told as such: it is asked again.
    const ask = async (): Promise<string> => {
      out = (await runJamnet(directory, ['status'])).out;
      return out;
    };
    await expect.poll(ask, { timeout: 50_000 }).toMatch(/^ready: everything works\n/);
    for (const name of ['store', 'log', 'relays', 'mesh', 'gateway', 'disk'])
      expect(out).toMatch(new RegExp(`^${name} +ok`, 'm'));
    expect(out).toContain('relays: home (0 rooms, 0 players)');
    expect(out).toContain('tasks: 0 queued');
    expect(out).toContain(`Node ${process.version}, sqlite`);
    const { out: json } = await runJamnet(directory, ['status', '--json']);
    expect(JSON.parse(json)).toMatchObject({ engine: 'sqlite', figures: { lastEpoch: null } });
  } finally {
    await studio.close();
  }
});
