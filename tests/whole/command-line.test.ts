import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../setup/studio-process.ts';

const empty = mkdtempSync(join(tmpdir(), 'jamnet-cli-'));
const notWav = join(empty, 'not.wav');
writeFileSync(notWav, 'no sound');
const SOMEBODY = `p${'0'.repeat(32)}`;

test.each([
  'up',
  'play',
  'listen',
  'node',
  'attribute',
  'epoch',
  'wallet',
  'redeem',
  'audit',
  'bench',
  'conceal',
  'groove',
])('%s --help shows an example and ends well', async (command) => {
  const help = await runCli([command, '--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toMatch(/Examples?:/);
});

test.each([
  [['nonsense'], 2, 'unknown command'],
  [['up', '--port', '99999', '--data', empty], 2, 'config-invalid'],
  [['up', '--host', '0.0.0.0', '--data', empty], 2, 'config-invalid'],
  [['up', '--nonsense'], 2, 'unknown option'],
  [['wallet', '--data', empty], 3, 'data-directory-missing'],
  [['wallet', 'somebody', '--data', empty], 2, 'payee-malformed'],
  [['redeem', SOMEBODY, 'much', '--data', empty], 2, 'amount-malformed'],
  [['redeem', SOMEBODY, '1.0000001', '--data', empty], 2, 'amount-malformed'],
  [['redeem', SOMEBODY], 2, 'missing required argument'],
  [['epoch', 'close', 'never', '--data', empty], 3, 'data-directory-missing'],
  [['audit', join(empty, 'nowhere')], 2, 'books-missing'],
  [['audit', empty], 3, 'audit-failed'],
  [['audit', 'http://127.0.0.1:9/'], 1, 'books-unreadable'],
  [['play', '--room', 'r', '--player', 'p', '--wav', notWav, '--data', empty], 2, 'wav-'],
  [['play', '--room', 'r', '--player', 'p', '--wav', join(empty, 'absent.wav')], 2, 'input-unreadable'],
  [['listen', '--room', 'r', '--player', 'p', '--data', empty], 1, 'studio-not-running'],
  [['listen', '--room', 'r', '--player', 'p', '--packet', '100', '--data', empty], 2, 'option-invalid'],
  [['listen', '--player', 'p'], 2, 'required option'],
  [['node', '--slots', '0', '--data', empty], 2, 'option-invalid'],
  [['node', '--data', empty], 1, 'studio-not-running'],
  [['attribute', '--repo', empty], 2, 'not-a-repository'],
  [['attribute', '--repo', empty, '--workload', notWav], 2, 'file-unreadable'],
  [['attribute', '--repo', empty, '--usage', empty], 2, 'usage-missing'],
  [['attribute', '--repo', empty, '--usage', empty, '--explain', 'a.ts:1'], 2, 'options-exclusive'],
  [['bench', 'epoch', '--contributors', '-5'], 2, 'option-invalid'],
  [['conceal', '--in', notWav, '--trace', notWav, '--out', join(empty, 'out.wav')], 2, 'wav-'],
  [['groove', 'score', '--midi', empty], 2, 'input-empty'],
  [['groove', 'score', '--midi', empty, '--tier', 'best'], 2, 'option-invalid'],
] as const)('jamnet %j ends with %i and says "%s"', async (args, code, said) => {
  const run = await runCli(args);
  expect(run.stderr).toContain(said);
  expect(run.code).toBe(code);
  // One line for a person, never a stack trace.
  expect(run.stderr).not.toMatch(/\n\s+at .*\.ts:/);
});

test('with --json an error is one JSON object on stdout', async () => {
  const run = await runCli(['wallet', '--json', '--data', empty]);
  expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'data-directory-missing' } });
});
