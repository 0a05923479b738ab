import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { runCli, spawnCli } from '../setup/studio-process.ts';

/** Kills before the evening may go on undisturbed; each leaves a later stretch of it behind. */
const KILLS = 6;
const CHANCE = seededChance('kill the evening');

test('an evening killed again and again ends with the books right and nobody paid twice', async () => {
  const data = mkdtempSync(join(tmpdir(), 'jamnet-kill-'));
  const undisturbed = mkdtempSync(join(tmpdir(), 'jamnet-kill-reference-'));
  try {
    for (let kill = 0; kill < KILLS; kill++) await killAfterStep(data, kill);
    const finished = await runCli(['up', '--once', '--json', '--data', data]);
    expect(finished.code, finished.stderr).toBe(0);
    const report = JSON.parse(finished.stdout) as { epoch: unknown; contributions: unknown };
    const reference = JSON.parse(
      (await runCli(['up', '--once', '--json', '--data', undisturbed])).stdout,
    ) as typeof report;
    expect(report.epoch).toEqual(reference.epoch);
    expect(report.contributions).toEqual(reference.contributions);
    const audit = await runCli(['audit', join(data, 'public'), '--json']);
    expect(JSON.parse(audit.stdout)).toMatchObject({ verdict: 'ok' });
  } finally {
    for (const directory of [data, undisturbed]) rmSync(directory, { recursive: true, force: true });
  }
}, 600_000);

/** Starts the evening, waits until the given step is under way, lets it run for a drawn moment, and kills the studio. */
async function killAfterStep(data: string, step: number): Promise<void> {
  const child = spawnCli(['up', '--once', '--json', '--data', data]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (new RegExp(`\\[${step + 2}/\\d+\\]`).test(chunk))
      setTimeout(() => child.kill('SIGKILL'), CHANCE.below(700));
  });
  await ended;
}
