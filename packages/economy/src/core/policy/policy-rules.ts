import { type Refusal, refuse } from '@jamnet/base';
import { payoutRulesFault } from '../payouts/payout-rules.ts';
import { CONTRIBUTION_KINDS, STREAMS } from '../records/kinds.ts';
import { type CodePolicyCode, codeMemberFault } from './code-member.ts';
import { type MusicPolicyCode, musicMemberFault } from './music-member.ts';
import type { Policy } from './policy.ts';
import { type RevenuePolicyCode, revenueMembersFault } from './revenue-members.ts';

export type PolicyCode =
  | RevenuePolicyCode
  | CodePolicyCode
  | MusicPolicyCode
  | 'policy-malformed'
  | 'share-below-half'
  | 'share-above-one'
  | 'kind-split-not-whole'
  | 'kind-without-meter'
  | 'issue-share-range'
  | 'price-zero'
  | 'nav-without-opinion'
  | 'sample-mark'
  | 'sample-refund-window'
  | 'payout-rules'
  | 'redemption-limits';

type Rule = (policy: Policy) => Refusal<PolicyCode> | null;

/** The first rule that a well-formed policy breaks, or `null`. */
export function policyFault(policy: Policy): Refusal<PolicyCode> | null {
  for (const rule of RULES) {
    const fault = rule(policy);
    if (fault) return fault;
  }
  return null;
}

const RULES: readonly Rule[] = [
  ({ payouts }) => {
    const fault = payouts ? payoutRulesFault(payouts) : null;
    return fault === null ? null : refuse('payout-rules', fault);
  },
  ({ contributorShare: { numerator, denominator } }) => {
    if (2 * numerator < denominator)
      return refuse('share-below-half', 'contributorShare must be at least 1/2.');
    return numerator > denominator ? refuse('share-above-one', 'contributorShare must be at most 1.') : null;
  },
  ({ streams }) => {
    for (const stream of STREAMS) {
      const { music, code, compute, curation } = streams[stream].kindsPpm;
      const sum = music + code + compute + curation;
      if (sum !== 1_000_000)
        return refuse('kind-split-not-whole', `kindsPpm of ${stream} sum to ${sum}, not 1000000.`);
    }
    return null;
  },
  ({ streams, meters }) => {
    const measured = new Set(Object.values(meters).map((meter) => meter.kind));
    const unmeasured = CONTRIBUTION_KINDS.find(
      (kind) => !measured.has(kind) && STREAMS.some((stream) => streams[stream].kindsPpm[kind] > 0),
    );
    return unmeasured
      ? refuse('kind-without-meter', `${unmeasured} has a share but no meter: nobody could ever earn it.`)
      : null;
  },
  ({ issueShare: { numerator, denominator } }) =>
    numerator < 1 || numerator > denominator
      ? refuse('issue-share-range', 'issueShare (φ) must be above 0 and at most 1.')
      : null,
  ({ pricing, sample }) => {
    if (pricing.kind === 'fixed') {
      return pricing.centsPerUnit.numerator < 1
        ? refuse('price-zero', 'centsPerUnit must be above 0.')
        : null;
    }
    if (sample || (pricing.opinionSha256 && pricing.planSha256)) return null;
    return refuse(
      'nav-without-opinion',
      "nav pricing needs opinionSha256 (counsel's opinion) and planSha256 (written plan).",
    );
  },
  ({ sample, epochs }) =>
    sample !== (epochs.kind === 'sample')
      ? refuse(
          'sample-mark',
          'A sample policy has sample: true and epochs of kind sample; any other has neither.',
        )
      : null,
  ({ sample, streams }) =>
    sample && STREAMS.some((stream) => streams[stream].refundWindowDays !== 0)
      ? refuse(
          'sample-refund-window',
          'A sample policy has refund windows of 0 days, since it closes at once.',
        )
      : null,
  ({ redemption: { monthlyPpm, quarterlyPpm } }) =>
    monthlyPpm > quarterlyPpm
      ? refuse('redemption-limits', 'redemption.monthlyPpm must not exceed quarterlyPpm.')
      : null,
  revenueMembersFault,
  codeMemberFault,
  musicMemberFault,
];
