import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeWithUsage } from './attribute.ts';
import { type CommitPlan, makeRepository, makeTemporary } from './testing/make-repository.ts';
import { traceOf } from './testing/other-languages.ts';

const MILL = [
  'local M = {}',
  '',
  'function M.turn(value)',
  '  local total = value * 3',
  '  return total',
  'end',
  'return M',
  '',
].join('\n');

describe('a file in a language without a parser here', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function reportOf(plan: readonly CommitPlan[], ran: Record<string, string>) {
    const repoDirectory = await makeRepository(plan, temporary.path);
    const found = await attributeWithUsage({ repoDirectory, usage: [traceOf(ran, 4)] });
    if (!found.ok) throw new Error(found.message);
    return found.value;
  }

  const founded: CommitPlan = { author: 'Ada', files: { 'mill.lua': MILL } };

  test('is owned by line, and the evidence says so', async () => {
    const changed = MILL.replace('value * 3', 'value * 3 + 1');
    const report = await reportOf([founded, { author: 'Bela', files: { 'mill.lua': changed } }], {
      'mill.lua': changed,
    });
    expect(report.evidence.byLine).toEqual(['mill.lua']);
    expect(report.people.map((person) => [person.name, person.statements])).toEqual([
      ['Ada', 5],
      ['Bela', 1],
    ]);
    expect(report.people.every((person) => person.share > 0)).toBe(true);
  });

  test('stays with its founder when somebody moves and re-indents it', async () => {
    const indented = MILL.replace(/^ +/gm, '\t\t');
    const theft = { author: 'Mallory', files: { 'mill.lua': null, 'lib/mill.lua': indented } };
    const report = await reportOf([founded, theft], { 'lib/mill.lua': indented });
    expect(report.people).toMatchObject([{ name: 'Ada', share: 1_000_000_000 }]);
  });

  test('or too hard for its parser, is owned by line', async () => {
    const hard = `${'x = 1\n'}# ${')'.repeat(2000)}\n`;
    const report = await reportOf([{ author: 'Ada', files: { 'hard.py': hard } }], { 'hard.py': hard });
    expect(report.skipped).toEqual([{ path: 'hard.py', reason: 'unparsable' }]);
    expect(report.evidence.byLine).toEqual(['hard.py']);
    expect(report.people).toMatchObject([{ name: 'Ada', share: 1_000_000_000 }]);
  });

  test('pays a line that stands in many places once', async () => {
    const noise = `${MILL}${'  total = total + 0\n'.repeat(60)}`;
    const report = await reportOf([founded, { author: 'Mallory', files: { 'mill.lua': noise } }], {
      'mill.lua': noise,
    });
    expect(report.people.find((person) => person.name === 'Mallory')?.statements).toBe(1);
  });

  test('that did not run, is no text, or is somebody else’s package is not read', async () => {
    const files = {
      'idle.lua': MILL,
      'data.bin': new Uint8Array([120, 0, 120]),
      'node_modules/a/b.lua': MILL,
    };
    const ran = { 'data.bin': 'x', 'node_modules/a/b.lua': MILL };
    const report = await reportOf([{ author: 'Ada', files }], ran);
    expect(report.evidence.byLine).toEqual([]);
    expect(report.statements).toBe(0);
  });

  test('whose name is no UTF-8 does no harm', async () => {
    const files = { 'mill.lua': MILL, '"caf\\351.lua"': MILL };
    const report = await reportOf([{ author: 'Ada', files }], { 'mill.lua': MILL, 'caf\ufffd.lua': MILL });
    expect(report.people).toMatchObject([{ name: 'Ada', share: 1_000_000_000 }]);
  });
});
