import { expect, test } from 'vitest';
import { type ContributionDraft, newContribution } from './new-contribution.ts';

const draft: ContributionDraft = {
  kind: 'music',
  meter: 'music/played-ms',
  payees: [{ payee: `p${'1'.repeat(32)}`, weight: 1n }],
  merit: 20_000n,
  subject: 'ab'.repeat(32),
  ownerGroup: 'group',
  evidence: { seconds: 20 },
  evidenceSecret: new Uint8Array(32),
  acceptedAtUs: 1n,
};

test('the same act seen again later has the same id', () => {
  expect(newContribution({ ...draft, acceptedAtUs: 9n }).id).toBe(newContribution(draft).id);
});

test.each<[string, Partial<ContributionDraft>]>([
  ['subject', { subject: 'cd'.repeat(32) }],
  ['meter', { meter: 'music/listened-ms' }],
  ['payee', { payees: [{ payee: `p${'2'.repeat(32)}`, weight: 1n }] }],
])('another %s makes another contribution', (_, change) => {
  expect(newContribution({ ...draft, ...change }).id).not.toBe(newContribution(draft).id);
});

test('evidence cannot be guessed without the secret', () => {
  const other = newContribution({ ...draft, evidenceSecret: new Uint8Array(32).fill(1) });
  expect(other.evidence).not.toBe(newContribution(draft).evidence);
});
