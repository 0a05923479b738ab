import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeWithUsage } from '../attribute.ts';
import type { AttributionReport } from '../report.ts';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { benchAttribute, syntheticUsage } from './bench-attribute.ts';
import { syntheticHistory } from './synthetic-history.ts';

const SMALL = { commits: 60, modules: 6, functionsPerModule: 4, authors: 7 };

describe('a made-up history', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function reportOf(seed: string): Promise<AttributionReport> {
    const history = syntheticHistory(SMALL, seed);
    const repoDirectory = await makeRepository(history, temporary.path);
    const usage = [syntheticUsage(history.map((commit) => commit.files))];
    const found = await attributeWithUsage({ repoDirectory, usage });
    if (!found.ok) throw new Error(found.message);
    return found.value;
  }

  test('is attributed to the same bytes on every machine', async () => {
    const report = await reportOf('golden');
    // Tool version and input hash name the Node line, so they differ between machines with different Nodes.
    const { commits, people, skipped } = report;
    const bytes = createHash('sha256').update(JSON.stringify({ commits, people, skipped })).digest('hex');
    expect({ head: report.head, statements: report.statements, bytes }).toMatchInlineSnapshot(`
      {
        "bytes": "4aa5a35530f65f74510fc91332117faabff1d4fbe5da68b29b96cef1fafb4539",
        "head": "d9b4c1904fe71e7ef1cc5d7e3c779fe1dc214525",
        "statements": 265,
      }
    `);
    expect(report.people.reduce((sum, person) => sum + person.share, 0)).toBe(1_000_000_000);
  });

  test('is another one with another seed', async () => {
    expect((await reportOf('other')).head).not.toBe((await reportOf('golden')).head);
  });

  test('is measured cold, known and one commit later, and known blobs give the same bytes', async () => {
    const phases: string[] = [];
    const bench = await benchAttribute({
      size: SMALL,
      seed: 'tiny',
      onPhase: (phase) => void phases.push(phase),
    });
    expect(bench.isSameAsCold).toBe(true);
    expect(bench.oneNewCommit.commits).toBe(bench.cold.commits + 1);
    expect(bench.oneNewCommit.reportSha256).not.toBe(bench.cold.reportSha256);
    expect(bench.cold.cpuMs).toBeGreaterThan(0);
    expect(phases).toEqual(['making', 'making one more', 'cold', 'known', 'one new commit']);
  });
});
