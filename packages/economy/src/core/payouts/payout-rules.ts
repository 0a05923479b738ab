import Type, { type Static } from 'typebox';
import { amountOf } from '../policy/policy-units.ts';

const closed = { additionalProperties: false } as const;
const Amount = amountOf('cents');

/** Ways for cash to leave, by the names that policies, payouts and files use. */
export const RAIL_NAMES = ['pain.001', 'nacha', 'stripe'] as const;
export type RailName = (typeof RAIL_NAMES)[number];

/** The policy's optional member `payouts`: who is paid how much, when, over what, and what is kept back. */
export const PayoutRulesSchema = Type.Object(
  {
    rails: Type.Array(Type.Enum(RAIL_NAMES), { minItems: 1, maxItems: 3, uniqueItems: true }),
    /** The most one payee is paid in 24 hours, cents; no limit when absent. */
    dailyCentsMax: Type.Optional(Amount),
    /** Less than this waits until more is payable. */
    centsMin: Type.Optional(Amount),
    /** Days in which nothing is paid after bank details changed: time for the owner of a stolen account to notice. */
    bankDetailRestDays: Type.Integer({ minimum: 0, maximum: 90, unit: 'days' }),
    /** Who has no valid tax form is not paid, or paid with tax withheld at the statutory rate. */
    withoutTaxForm: Type.Union([Type.Literal('refuse'), Type.Literal('withhold')]),
    /** Kept by the studio as revenue of the stream `conversion-fee` once the payout has settled. */
    conversionFee: Type.Optional(
      Type.Object(
        {
          ppm: Type.Integer({ minimum: 0, maximum: 100_000, unit: 'ppm' }),
          centsMin: Amount,
          centsMax: Amount,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type PayoutRules = Static<typeof PayoutRulesSchema>;

/** What holds where a policy says nothing of payouts. */
export const DEFAULT_PAYOUT_RULES: PayoutRules = {
  rails: [...RAIL_NAMES],
  bankDetailRestDays: 3,
  withoutTaxForm: 'refuse',
};

/** What makes no sense in rules that are well formed, as a sentence, or `null`. */
export function payoutRulesFault({ conversionFee }: PayoutRules): string | null {
  if (conversionFee && BigInt(conversionFee.centsMin) > BigInt(conversionFee.centsMax))
    return 'payouts.conversionFee.centsMin must not exceed centsMax.';
  return null;
}
