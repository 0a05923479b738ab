import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeWithUsage } from './attribute.ts';
import { personId } from './core/people.ts';
import type { AttributionReport } from './report.ts';
import { mapFiles, reIndent } from './testing/attacks.ts';
import { FOUNDERS } from './testing/founders-program.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';
import { type Program, PYTHON_PROGRAM, RUST_PROGRAM, traceOf } from './testing/other-languages.ts';

const MODULES = 12;
const MALLORY = 'Mallory';
type Files = Record<string, string>;

describe.each([
  ['Python', PYTHON_PROGRAM],
  ['Rust', RUST_PROGRAM],
] as const)('a thief on three founders’ code in %s', (_language, program: Program) => {
  const files: Files = Object.fromEntries(
    Array.from({ length: MODULES }, (_, index) => [
      `src/stage${index}.${program.extension}`,
      program.module(index),
    ]),
  );
  const history: CommitPlan[] = Object.entries(files).map(([path, text], index) => ({
    author: FOUNDERS[index % FOUNDERS.length] ?? '',
    files: { [path]: text },
  }));
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let untouched: AttributionReport;
  beforeAll(async () => {
    temporary = await makeTemporary();
    untouched = await reportAfter([], files);
  });
  afterAll(() => temporary.remove());

  /** Every line of the files at the head ran five times. */
  async function reportAfter(attack: readonly CommitPlan[], head: Files): Promise<AttributionReport> {
    const repoDirectory = await makeRepository([...history, ...attack], temporary.path);
    const found = await attributeWithUsage({ repoDirectory, usage: [traceOf(head, 5)] });
    if (!found.ok) throw new Error(found.message);
    expect(found.value.evidence).toMatchObject({ problem: null, byLine: [] });
    expect(found.value.people.reduce((sum, person) => sum + person.share, 0)).toBe(1_000_000_000);
    return found.value;
  }

  async function takenBy(changed: Files, removed: readonly string[] = []): Promise<number> {
    const gone = Object.fromEntries(removed.map((path) => [path, null]));
    return shareOf(
      await reportAfter([{ author: MALLORY, files: { ...changed, ...gone } }], changed),
      MALLORY,
    );
  }

  const moved = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path.replace('src', 'lib'), text]),
  );

  test('finds the founders with about a third each when nobody attacks', () => {
    expect(untouched.statements).toBeGreaterThan(MODULES * 8);
    for (const founder of FOUNDERS) expect(shareOf(untouched, founder)).toBeGreaterThan(280_000_000);
  });

  test('gets nothing for re-indenting everything', async () => {
    expect(await takenBy(mapFiles(files, reIndent))).toBe(0);
  });

  test('gets nothing for another formatter', async () => {
    expect(await takenBy(mapFiles(files, program.reFormat))).toBe(0);
  });

  test('gets nothing for new names of all locals', async () => {
    const changed = mapFiles(files, program.renameLocals);
    expect(changed[`src/stage0.${program.extension}`]).toContain('thief_total');
    expect(await takenBy(changed)).toBe(0);
  });

  test('gets nothing for moving every file, or for copying and deleting the original later', async () => {
    expect(await takenBy(moved, Object.keys(files))).toBe(0);
    const removal = Object.fromEntries(Object.keys(files).map((path) => [path, null]));
    const attack = [
      { author: MALLORY, files: moved },
      { author: MALLORY, files: removal },
    ];
    expect(shareOf(await reportAfter(attack, moved), MALLORY)).toBe(0);
  });

  test('leaves founders what they had when all of it is done at once', async () => {
    const changed = mapFiles(moved, (text) => program.reFormat(program.renameLocals(text)));
    const gone = Object.fromEntries(Object.keys(files).map((path) => [path, null]));
    const report = await reportAfter([{ author: MALLORY, files: { ...changed, ...gone } }], changed);
    for (const founder of FOUNDERS) expect(shareOf(report, founder)).toBe(shareOf(untouched, founder));
  });

  test('gets its part for a statement of its own', async () => {
    const [path = ''] = Object.keys(files);
    const changed = {
      ...files,
      [path]: (files[path] ?? '').replace(/(total = .*|let mut total.*)\n/, '$&    LEDGER.note(41);\n'),
    };
    const taken = await takenBy(changed);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(10_000_000);
  });
});

function shareOf(report: AttributionReport, author: string): number {
  return report.people.find((person) => person.id === personId(emailOf(author)))?.share ?? 0;
}
