import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

const run = (code: string, timeLimitSeconds = 60) =>
  runCommand({
    command: { program: process.execPath, args: ['-e', code] },
    directory: tmpdir(),
    coverage: '',
    timeLimitSeconds,
  });

test.each([
  ['an exit with a status of its own', 'process.exit(3)', false],
  ['an error that nobody caught', "throw new Error('x')", false],
  ['a signal', "process.kill(process.pid, 'SIGKILL')", true],
  ['the status by which a sandbox tells of a signal', 'process.exit(137)', true],
])('%s is a failure, doubtful where the machine may be to blame', async (_, code, isDoubtful) => {
  expect(await run(code)).toMatchObject({ ok: false, code: 'workload-failed', isDoubtful });
});

test('a run that meets its time limit is doubtful', async () => {
  expect(await run('setInterval(() => 0, 1000)', 1)).toMatchObject({
    code: 'workload-timed-out',
    isDoubtful: true,
  });
});

test('a program that cannot be started is doubtful', async () => {
  const command = { program: '/nowhere/node', args: [] };
  const ran = await runCommand({ command, directory: tmpdir(), coverage: '', timeLimitSeconds: 60 });
  expect(ran).toMatchObject({ ok: false, code: 'workload-failed', isDoubtful: true });
});
