import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { attributeInDetail } from './attribute.ts';
import { openRepository } from './git/open-repository.ts';
import { chooseSandbox } from './use/sandbox.ts';
import { isFixedWorkload, parseWorkload } from './use/workload.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../workloads/jamnet-workload.ts', import.meta.url));

function proposal() {
  const parsed = parseWorkload(
    JSON.parse(readFileSync(`${ROOT}packages/attribution/workloads/jamnet.json`, 'utf8')),
  );
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}

test('the proposed workload exercises every package and prints the same twice', async () => {
  const run = () => promisify(execFile)(process.execPath, [PROGRAM], { timeout: 280_000 });
  const [one, two] = await Promise.all([run(), run()]);
  expect(one.stderr).toBe('');
  expect(one.stdout).not.toContain('not exercised');
  expect(one.stdout).toBe(two.stdout);
}, 300_000);

test('the proposal fixes what the workload is, so that a studio can file by it', () => {
  const { inputs, inputBlobs } = proposal();
  const blobs = Object.fromEntries(
    inputs.map((path) => {
      const bytes = readFileSync(`${ROOT}${path}`);
      // Git's name of a blob (git-hash-object(1)).
      return [path, createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')];
    }),
  );
  // Whoever edits the workload proposes it anew: write these into workloads/jamnet.json.
  expect(inputBlobs).toEqual(blobs);
  expect(isFixedWorkload(proposal())).toBe(true);
});

test('this repository’s history is attributed by it when it is a clone', async (context) => {
  const opened = await openRepository(ROOT);
  if (!opened.ok) return context.skip('the sources are no git clone with a whole history');
  await opened.value.close();
  expect(await chooseSandbox({ allowUnsandboxed: true })).not.toBeNull();
  const result = await attributeInDetail({
    repoDirectory: ROOT,
    workload: proposal(),
    nodeModulesDirectory: `${ROOT}node_modules`,
    sandbox: { allowUnsandboxed: true },
  });
  if (!result.ok) throw new Error(result.message);
  expect(result.value.report.evidence.problem).toBeNull();
  expect(result.value.report.people.reduce((sum, person) => sum + person.share, 0)).toBe(1_000_000_000);
  const used = result.value.statements.filter((one) => one.uses > 0);
  const folders = new Set(used.flatMap((one) => one.places.map((place) => place.path.split('/')[1])));
  expect([...folders].sort()).toEqual(
    expect.arrayContaining(['base', 'economy', 'groove', 'jdat', 'ledger', 'pnbtr', 'toast']),
  );
}, 900_000);
