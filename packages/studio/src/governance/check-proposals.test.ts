import { hashOf, policySha256 } from '@jamnet/economy';
import type { Leaf } from '@jamnet/ledger/verifier';
import { expect, test } from 'vitest';
import { checkProposals } from './check-proposals.ts';
import type { DecisionRecord, ProposalRecord, Verdict } from './core/proposal.ts';
import { decisionKey, decisionLeaf, proposalKey, proposalLeaf } from './proposal-leaves.ts';
import { testPolicy } from './testing/policies.ts';

const DAY_US = 86_400_000_000n;

/** A proposal whose words and leaves fit each other, whatever a dishonest studio may have written. */
function books(told: {
  readonly openedAt?: bigint;
  readonly opensAt?: bigint;
  readonly closesAt?: bigint;
  readonly decidedAt?: bigint;
  readonly verdict?: Verdict;
}) {
  const { openedAt = 0n, opensAt = 0n, closesAt = 14n, decidedAt = 14n, verdict = 'rejected' } = told;
  const policy = testPolicy(2);
  const proposal: ProposalRecord = {
    schema: 'jamnet/policy-proposal/v1',
    title: 'More for code',
    text: 'Why.',
    policySha256: policySha256(policy),
    inForceSha256: null,
    openedAtUs: `${openedAt * DAY_US}`,
    opensAtUs: `${opensAt * DAY_US}`,
    closesAtUs: `${closesAt * DAY_US}`,
  };
  const id = hashOf({ ...proposal }).slice(0, 32);
  const decision: DecisionRecord = {
    schema: 'jamnet/policy-decision/v1',
    proposal: id,
    verdict,
    reasons: 'Read them all.',
    policySha256: null,
    votes: { for: 1, against: 2, abstain: 0 },
    comments: 3,
    decidedAtUs: `${decidedAt * DAY_US}`,
  };
  const record = (key: string, at: bigint, leaf: { kind: string; sha256: string }): Leaf => ({
    type: 'record',
    key,
    acceptedAtUs: at * DAY_US,
    ...leaf,
  });
  const leaves = [
    record(proposalKey(id), openedAt, proposalLeaf(proposal)),
    record(decisionKey(id), decidedAt, decisionLeaf(decision)),
  ];
  return { leaves, files: [{ id, file: { proposal, policy, decision, amended: null } }] };
}

test.each([
  ['a period that was too short', { closesAt: 13n }, 'less time than the shortest comment period'],
  ['a period that was dated back', { openedAt: 14n, decidedAt: 15n }, 'after its comment period had begun'],
  ['a decision before the period was over', { decidedAt: 13n }, 'before its comment period was over'],
] as const)('%s is a fault though every hash fits', (_what, told, fault) => {
  const { files, leaves } = books(told);
  expect(checkProposals(files, leaves).fault).toContain(fault);
});

test('an honest proposal is none, a withdrawal before the end neither, and a studio may be a day late', () => {
  for (const told of [
    {},
    { decidedAt: 3n, verdict: 'withdrawn' },
    { openedAt: 1n, decidedAt: 15n },
  ] as const) {
    const { files, leaves } = books(told);
    expect(checkProposals(files, leaves)).toEqual({ decided: 1, waiting: 0, fault: null });
  }
});

test('one proposal in two files is counted for nobody', () => {
  const { files, leaves } = books({});
  expect(checkProposals([...files, ...files], leaves).fault).toContain('or a second file');
});
