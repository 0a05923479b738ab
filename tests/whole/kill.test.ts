import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { runCli, spawnCli } from '../setup/studio-process.ts';

/**
 * Where the evening is killed, in turn: after the begin of which step, within how many ms. Long steps are hit several times, the
 * ones that post to the books within their few milliseconds.
 */
const KILLS: readonly (readonly [step: number, withinMs: number])[] = [
  [1, 200],
  [2, 9000],
  [3, 2000],
  [3, 5000],
  [3, 9000],
  [4, 2500],
  [5, 250],
  [6, 40],
  [7, 60],
  [8, 60],
  [9, 30],
];
const CHANCE = seededChance('kill the evening');

test('an evening killed again and again ends with the books right and nobody paid twice', async () => {
  const data = mkdtempSync(join(tmpdir(), 'jamnet-kill-'));
  const undisturbed = mkdtempSync(join(tmpdir(), 'jamnet-kill-reference-'));
  try {
    for (const [step, withinMs] of KILLS) await killInStep(data, step, withinMs);
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

/** Starts the evening, waits until the given step begins, lets it run for a drawn moment, and kills the studio. */
async function killInStep(data: string, step: number, withinMs: number): Promise<void> {
  const child = spawnCli(['up', '--once', '--json', '--data', data]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (chunk.includes(`[${step}/`)) setTimeout(() => child.kill('SIGKILL'), CHANCE.below(withinMs));
  });
  await ended;
}
