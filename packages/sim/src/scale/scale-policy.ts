import { type Policy, templatePolicy } from '@jamnet/economy';

/** Days in which a payment may still go back, in the simulated studio. */
export const REFUND_DAYS = 14;

/** A studio's rules with shorter windows, prices by valuation and a part in cash, so that a quarter goes through all of them. */
export function scalePolicy(): Policy {
  const template = templatePolicy();
  const { hardware, subscription, compute, licence, storage } = template.streams;
  const within = <Rule extends object>(rule: Rule) => ({ ...rule, refundWindowDays: REFUND_DAYS });
  return {
    ...template,
    name: 'Rules of the simulated studio',
    streams: {
      hardware: within(hardware),
      subscription: within(subscription),
      compute: within(compute),
      licence: within(licence),
      storage: within(storage),
      'conversion-fee': template.streams['conversion-fee'],
    },
    pricing: { kind: 'nav', opinionSha256: '1'.repeat(64), planSha256: '2'.repeat(64) },
    issueShare: { numerator: 3, denominator: 4 },
    pool: { authorisedMicroJam: '10000000000000' },
  };
}
