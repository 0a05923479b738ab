import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runTool } from './run.mjs';
import { failuresOf, needsSecondTry, passedOnlyNow, withSecondTry } from './test-report.mjs';

/** Run one after the other: the second plays in real time and wants the machine for itself. */
const PROJECTS = ['unit', 'whole'];

/**
 * Runs Vitest and ends with one line `N passed, N failed` (and `, N skipped` when some were).
 *
 * In the whole run, files that failed are tried a second time with nothing beside them: a machine
 * that stands still for seconds fails tests of real processes that are not at fault. What passes
 * only then is told by name; what fails twice is failed.
 */
export async function runTests(node, args) {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  const chosen = args.some((arg) => arg.startsWith('--project'));
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], uneven: [] };
  let worst = 0;
  for (const project of chosen ? [null] : PROJECTS) {
    worst = Math.max(worst, await runProject(node, project, args, total));
  }
  // Once more at the end, where somebody who kept only the last lines finds them.
  for (const name of total.uneven) process.stdout.write(`passed only at the second try: ${name}\n`);
  for (const failure of total.failures) process.stdout.write(`failed: ${failure}\n`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return worst;
}

/** Adds a project's results to `total`; resolves to its exit code. */
async function runProject(node, project, args, total) {
  let { code, report } = await runVitest(node, project, project ?? 'chosen', args);
  const again = project === null ? [] : needsSecondTry(report);
  if (again.length > 0) {
    const second = await runVitest(node, project, `${project}-again`, [...args, ...again]);
    total.uneven.push(...passedOnlyNow(report, second.report));
    report = withSecondTry(report, second.report);
    code = second.code;
  }
  total.passed += report?.numPassedTests ?? 0;
  total.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const failed = report?.numFailedTests ?? 0;
  // A file that cannot even be loaded, or a run without a report, fails without a failed test.
  total.failed += failed === 0 && (code !== 0 || !report) ? 1 : failed;
  total.failures.push(...failuresOf(report));
  return report ? code : Math.max(code, 1);
}

async function runVitest(node, project, name, args) {
  const file = join(ROOT, 'test-results', `vitest-${name}.json`);
  rmSync(file, { force: true });
  const code = await runTool(node, 'vitest', 'vitest', [
    'run',
    '--passWithNoTests',
    ...(project === null ? [] : ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...args,
  ]);
  return { code, report: readReport(file) };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    process.stderr.write('jamnet: Vitest ended before it wrote its report.\n');
    return undefined;
  }
}
