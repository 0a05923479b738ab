import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runTool } from './run.mjs';

/** Run one after the other: the second plays in real time and wants the machine for itself. */
const PROJECTS = ['unit', 'whole'];

/** Lines of a failure that the end tells again: the difference and the first frames of the stack. */
const FAILURE_LINES = 25;

/** Runs Vitest and ends with one line `N passed, N failed` (and `, N skipped` when some were). */
export async function runTests(node, args) {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  const projects = args.some((arg) => arg.startsWith('--project')) ? [null] : PROJECTS;
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  let worst = 0;
  for (const project of projects) {
    const code = await runProject(node, project, args, total);
    worst = Math.max(worst, code);
  }
  // Once more at the end, where somebody who kept only the last lines finds them.
  for (const failure of total.failures) process.stdout.write(`failed: ${failure}\n`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return worst;
}

async function runProject(node, project, args, total) {
  const file = join(ROOT, 'test-results', `vitest-${project ?? 'chosen'}.json`);
  rmSync(file, { force: true });
  const chosen = project === null ? [] : ['--project', project];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runTool(node, 'vitest', 'vitest', [
    'run',
    '--passWithNoTests',
    ...chosen,
    ...reporters,
    ...args,
  ]);
  const report = readReport(file);
  total.passed += report?.numPassedTests ?? 0;
  total.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const failed = report?.numFailedTests ?? 0;
  // A file that cannot even be loaded, or a run without a report, fails without a failed test.
  total.failed += failed === 0 && (code !== 0 || !report) ? 1 : failed;
  total.failures.push(...failuresOf(report));
  return report ? code : Math.max(code, 1);
}

/** One text for each failed test, and for each file that could not be run: where, which, and why. */
function failuresOf(report) {
  const texts = [];
  for (const file of report?.testResults ?? []) {
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of tests) {
      const why = test.failureMessages.join('\n').split('\n').slice(0, FAILURE_LINES);
      texts.push(`${file.name} > ${test.fullName}\n${why.join('\n')}`);
    }
    if (file.status === 'failed' && tests.length === 0) texts.push(`${file.name}\n${file.message}`);
  }
  return texts;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    process.stderr.write('jamnet: Vitest ended before it wrote its report.\n');
    return undefined;
  }
}
