import { IdentityJournal } from '@jamnet/attribution';
import { expect, test } from 'vitest';
import { findingOf, GATED_KEYS_MAX, type JudgedStatements } from './code-finding.ts';

const statement = (key: string, isGated = false) => ({
  ...{ key, tokens: 1, uses: 1, weight: isGated ? 0n : 1n, commit: 'c', people: ['ada'], places: [] },
  ...{ isGated, isPaid: false },
});
const EVIDENCE = { workloadHash: null, outputSha256: null, usageHash: null, sandbox: null, problem: null };

function judgedAfter(judged: JudgedStatements | null, ...statements: ReturnType<typeof statement>[]) {
  const report = {
    ...{ repository: 'r', head: 'h', commits: 1, statements: statements.length, skipped: [], people: [] },
    ...{ gated: [], gate: 'run' as const, dependencies: [], dependencyUse: 'run' as const },
    ...{ toolVersion: 't', inputHash: 'i' },
    evidence: { ...EVIDENCE, dependencyProblem: null, gateUnchecked: [], byLine: [] },
  };
  const identities = new IdentityJournal();
  // With nobody's share in it, the report divides nothing; only what was judged is looked at.
  const unpaid = statements.map((one) => ({ ...one, people: [] }));
  return findingOf({ report, statements: unpaid }, { judged, dependencyBudgetPpm: 0, identities }).judged;
}

test('what stood when a repository was first filed passes; what stands no more is forgotten', () => {
  const first = judgedAfter(null, statement('a'), statement('b'));
  expect(first.passedKeys).toEqual(['a', 'b']);
  const second = judgedAfter(first, statement('b'), statement('c'), statement('noise', true));
  expect(second).toMatchObject({ passedKeys: ['b', 'c'], gatedKeys: ['noise'] });
});

test('what was held back is remembered for sessions of older revisions, so much and not one more', () => {
  const gatedKeys = Array.from({ length: GATED_KEYS_MAX }, (_, n) => `old-${n}`);
  const judged = { head: 'h', passedKeys: [], gatedKeys };
  expect(judgedAfter(judged, statement('a')).gatedKeys).toHaveLength(GATED_KEYS_MAX);
  expect(judgedAfter(judged, statement('noise', true)).gatedKeys).toEqual(['noise']);
});
