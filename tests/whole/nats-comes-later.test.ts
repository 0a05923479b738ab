import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsServerProgram, startNatsServer } from '@jamnet/bus/testing';
import { afterEach, expect, test } from 'vitest';
import { spawnCli } from '../setup/studio-process.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A studio whose NATS server is away. */
function startStudio(natsUrl: string) {
  const data = mkdtempSync(join(tmpdir(), 'jamnet-nats-later-'));
  cleanups.push(() => rmSync(data, { recursive: true, force: true }));
  const child = spawnCli(['up', '--data', data, '--port', '0', '--no-sample', '--json'], {
    NATS_URL: natsUrl,
  });
  const said = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code]) => code as number | null);
  cleanups.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  /** Resolves when it has said that; fails with what it said instead where it ended. */
  const says = async (stream: 'stdout' | 'stderr', words: string): Promise<void> => {
    while (!said[stream].includes(words)) {
      const source = child[stream];
      if (source === null) throw new Error('it has no output');
      const next = await Promise.race([once(source, 'data'), ended.then(() => null)]);
      if (next === null && !said[stream].includes(words)) throw new Error(`it ended: ${said.stderr}`);
    }
  };
  return { child, said, says, ended };
}

const program = natsServerProgram();

test.skipIf(program === null)(
  'a studio that is started before its NATS server says how long it waits, and listens once the server is there',
  async () => {
    const first = await startNatsServer(program ?? '');
    await first.stop();
    const studio = startStudio(first.url);
    await studio.says('stderr', 'It is waited for, 60 s at most.');
    expect(studio.said.stdout).toBe('');
    const server = await startNatsServer(program ?? '', first.port);
    cleanups.push(() => server.stop());
    await studio.says('stdout', '"event":"listening"');
    studio.child.kill('SIGTERM');
    expect(await studio.ended).toBe(0);
  },
);

test('a studio that is stopped while it waits ends at once, as interrupted', async () => {
  const studio = startStudio('nats://127.0.0.1:1');
  await studio.says('stderr', 'It is waited for');
  studio.child.kill('SIGTERM');
  expect(await studio.ended).toBe(130);
  expect(studio.said.stderr).toContain('Nobody waits for the NATS server 127.0.0.1:1 any more.');
});
