import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from '../attribute.ts';
import type { AttributionReport } from '../report.ts';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { chooseSandbox } from '../use/sandbox.ts';
import type { Workload } from '../use/workload.ts';

const WORKLOAD: Workload = { command: ['node', 'run.mjs'], inputs: ['run.mjs'], timeLimitSeconds: 60 };
const RUN = "import { busy } from 'busy';\nfor (let i = 0; i < 40; i++) busy(i);\nconsole.log('done');\n";

describe('third-party packages under a replay', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let nodeModulesDirectory: string;
  beforeAll(async () => {
    temporary = await makeTemporary();
    nodeModulesDirectory = join(temporary.path, 'node_modules');
    const busy = { repository: 'github:ada/busy', funding: 'https://ada.example' };
    await install(
      'busy',
      "import { deep } from '@s/deep';\nexport const busy = (n) => { deep(n); return deep(n); };\n",
      busy,
    );
    await install('@s/deep', 'export function deep(n) { return n + 1; }\n', {});
    await install('idle', 'export const idle = 1;\n', {});
  });
  afterAll(() => temporary.remove());

  async function install(name: string, text: string, more: object): Promise<void> {
    const folder = join(nodeModulesDirectory, name);
    await mkdir(folder, { recursive: true });
    const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js', ...more };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'index.js'), text);
  }

  function lockText(version = '1.0.0', funding: Readonly<Record<string, string>> = {}): string {
    return JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { busy: '1', idle: '1' } },
        'node_modules/busy': { version, funding: funding.busy, dependencies: { '@s/deep': '1' } },
        'node_modules/@s/deep': { version: '1.0.0', funding: funding.deep },
        'node_modules/idle': { version: '1.0.0' },
      },
    });
  }

  async function reportOf(lock: string | null): Promise<AttributionReport> {
    const files = { 'run.mjs': RUN, ...(lock === null ? {} : { 'package-lock.json': lock }) };
    const repoDirectory = await makeRepository([{ author: 'Ada', files }], temporary.path);
    const sandbox = { allowUnsandboxed: true };
    const found = await attribute({ repoDirectory, workload: WORKLOAD, nodeModulesDirectory, sandbox });
    if (!found.ok) throw new Error(found.message);
    expect(found.value.evidence.problem).toBeNull();
    return found.value;
  }

  test('are counted by calls, named by repository, and paid where they ask', async () => {
    expect((await reportOf(lockText())).dependencies).toMatchObject([
      {
        repository: 'github.com/ada/busy',
        packages: ['busy@1.0.0'],
        isDirect: true,
        funding: ['https://ada.example'],
      },
      { repository: 'npm:@s/deep', packages: ['@s/deep@1.0.0'], isDirect: false, funding: [] },
    ]);
  });

  test('have the same counts in every sandbox that works here', async () => {
    const files = { 'run.mjs': RUN, 'package-lock.json': lockText() };
    const repoDirectory = await makeRepository([{ author: 'Ada', files }], temporary.path);
    for (const only of ['bwrap', 'unshare', 'none'] as const) {
      if ((await chooseSandbox({ only, allowUnsandboxed: true })) === null) continue;
      const sandbox = { only, allowUnsandboxed: true };
      const found = await attribute({ repoDirectory, workload: WORKLOAD, nodeModulesDirectory, sandbox });
      const dependencies = found.ok ? found.value.dependencies : found.code;
      // One module body and 40 calls; one module body and 80 calls.
      expect(dependencies).toMatchObject([{ uses: 41 }, { uses: 81 }]);
    }
  });

  test('of another version than the lock file’s are not believed about their repository', async () => {
    expect((await reportOf(lockText('2.0.0'))).dependencies).toMatchObject([
      { repository: 'npm:@s/deep' },
      { repository: 'npm:busy', packages: ['busy@2.0.0'], funding: [] },
    ]);
  });

  test('are paid at no address that only the committed lock file names', async () => {
    const thief = { busy: 'https://mallory.example', deep: 'https://mallory.example' };
    for (const version of ['1.0.0', '2.0.0']) {
      const { dependencies } = await reportOf(lockText(version, thief));
      expect(JSON.stringify(dependencies)).toContain('busy');
      expect(JSON.stringify(dependencies)).not.toContain('mallory');
    }
  });

  test('are unknown without a readable lock file, and authors are paid all the same', async () => {
    for (const [lock, code] of [
      [null, 'lock-file-missing'],
      ['{"packages": 7}', 'lock-file-unreadable'],
    ] as const) {
      const report = await reportOf(lock);
      expect(report).toMatchObject({ dependencies: [], dependencyUse: 'not-run' });
      expect(report.evidence.dependencyProblem?.code).toBe(code);
      expect(report.people.length).toBe(1);
    }
  });
});
