import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runTool } from './run.mjs';

const REPORT = join(ROOT, 'test-results', 'vitest.json');

/** Runs Vitest and ends with one line `N passed, N failed` (and `, N skipped` when some were). */
export async function runTests(node, args) {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const code = await runTool(node, 'vitest', 'vitest', ['run', ...reporters, ...args]);
  const report = readReport();
  if (!report) return code === 0 ? 1 : code;
  const skipped = report.numPendingTests + report.numTodoTests;
  const failed = report.numFailedTests + (code !== 0 && report.numFailedTests === 0 ? 1 : 0);
  process.stdout.write(
    `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  );
  return code;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8'));
  } catch {
    process.stderr.write('jamnet: Vitest ended before it wrote its report.\n');
    return undefined;
  }
}
