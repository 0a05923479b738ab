import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { git } from './git/git.ts';
import { makeRepository, makeTemporary } from './testing/make-repository.ts';
import type { Workload } from './use/workload.ts';

const PYTHON = '/usr/bin/python3';
const WORKLOAD: Workload = {
  command: [PYTHON, 'measure.py'],
  inputs: ['measure.py'],
  timeLimitSeconds: 60,
};

/** Runs the program and writes how often each of its lines ran. */
const MEASURE = `import collections, os, sys
counts = collections.Counter()
def trace(frame, event, arg):
    if event == 'line':
        counts[(frame.f_code.co_filename, frame.f_lineno)] += 1
    return trace
sys.settrace(trace)
import mill
print(mill.turn(40))
sys.settrace(None)
with open(os.path.join(os.environ['JAMNET_COVERAGE'], 'mill.info'), 'w') as out:
    for name in sorted({name for name, _ in counts if name.startswith(os.getcwd())}):
        out.write('SF:' + name + '\\n')
        for (path, line), count in sorted(counts.items()):
            if path == name:
                out.write('DA:%d,%d\\n' % (line, count))
        out.write('end_of_record\\n')
`;
const MILL = `def turn(times):
    total = 7
    for step in range(times):
        total = (total * 31 + step) % 65521
    return total
`;

describe.skipIf(!existsSync(PYTHON))('a Python program under a real replay', { timeout: 240_000 }, () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function reportAfter(text: string) {
    const plan = [
      { author: 'Ada', files: { 'mill.py': MILL, 'measure.py': MEASURE } },
      { author: 'Mallory', files: { 'mill.py': text } },
    ];
    const repoDirectory = await makeRepository(plan, temporary.path);
    const since = await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~1']);
    const gateSince = since.toString().trim();
    const found = await attribute({
      repoDirectory,
      workload: WORKLOAD,
      gateSince,
      sandbox: { allowUnsandboxed: true },
    });
    if (!found.ok) throw new Error(found.message);
    expect(found.value.evidence).toMatchObject({ problem: null, gateUnchecked: [], byLine: [] });
    const shareOf = (name: string) => found.value.people.find((person) => person.name === name)?.share ?? 0;
    return { report: found.value, ada: shareOf('Ada'), mallory: shareOf('Mallory') };
  }

  test('pays for what ran, and what changes the output', async () => {
    const { report, ada, mallory } = await reportAfter(MILL.replace('+ step)', '+ step * 3)'));
    expect(report.gated).toEqual([]);
    expect(ada).toBeGreaterThan(0);
    expect(mallory).toBeGreaterThan(0);
    expect(ada + mallory).toBe(1_000_000_000);
  });

  test('leaves guards that do nothing without pay', async () => {
    const noise = [1, 2, 3].map((k) => `        if total == -${k}: raise ValueError(${k})\n`).join('');
    const { report, ada, mallory } = await reportAfter(MILL.replace('    return', `${noise}    return`));
    expect(report.gated).toEqual([report.head]);
    expect([ada, mallory]).toEqual([1_000_000_000, 0]);
  });
});
