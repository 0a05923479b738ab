import { type Refusal, refuse } from '@jamnet/base';
import Type, { type Static } from 'typebox';
import { CURRENCIES } from '../intake/currencies.ts';
import { STREAMS } from '../records/kinds.ts';

const closed = { additionalProperties: false } as const;
const Slug = '^[a-z0-9][a-z0-9-]{0,62}$';

/** What may be paid in besides dollars. Without this member: dollars only. */
export const CurrenciesMember = Type.Object(
  {
    accepted: Type.Array(Type.Enum(CURRENCIES.filter((code) => code !== 'USD')), {
      minItems: 1,
      maxItems: CURRENCIES.length,
      uniqueItems: true,
    }),
    /** Days after its own for which a posted rate still holds: 0, or as many as the source has holidays in a row. */
    rateAgeDaysMax: Type.Integer({ minimum: 0, maximum: 10, unit: 'days' }),
  },
  closed,
);

/** What the studio sells, and the stream that each product's revenue belongs to. */
export const ProductsMember = Type.Record(
  Type.String({ pattern: Slug }),
  Type.Object({ title: Type.String({ minLength: 1, maxLength: 120 }), stream: Type.Enum(STREAMS) }, closed),
  { ...closed, maxProperties: 1_000 },
);

/** What the buyer of a device earns by its first verified session; paid inside D, as merit of the meter's kind. */
export const HardwareMember = Type.Object(
  {
    /** Meter that rewards are counted in; its kind bears them. */
    meter: Type.String({ pattern: '^[a-z0-9][a-z0-9./-]{0,62}$' }),
    /** Product → merit, in the meter's unit. */
    rewards: Type.Record(
      Type.String({ pattern: Slug }),
      Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
      closed,
    ),
    /** Least merit of the contribution that the session brought, in its own meter's unit. */
    sessionMeritMin: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
    /** What becomes of a reward already paid when the order is refunded. */
    afterReward: Type.Enum(['charge-back', 'keep']),
  },
  closed,
);

export type RevenuePolicyCode = 'product-unknown' | 'reward-without-meter';

interface RevenueMembers {
  readonly products?: Static<typeof ProductsMember>;
  readonly hardware?: Static<typeof HardwareMember>;
  readonly unassignedProduct?: string;
  readonly meters: Readonly<Record<string, unknown>>;
}

/** The first rule that the members of this file break together, or `null`. */
export function revenueMembersFault(policy: RevenueMembers): Refusal<RevenuePolicyCode> | null {
  const { products = {}, hardware, unassignedProduct, meters } = policy;
  if (unassignedProduct !== undefined && !products[unassignedProduct])
    return refuse('product-unknown', `unassignedProduct ${unassignedProduct} is not among the products.`);
  if (!hardware) return null;
  if (!meters[hardware.meter])
    return refuse('reward-without-meter', `hardware.meter ${hardware.meter} is not among the meters.`);
  const stranger = Object.keys(hardware.rewards).find((name) => products[name]?.stream !== 'hardware');
  return stranger === undefined
    ? null
    : refuse('product-unknown', `hardware.rewards: ${stranger} is no product of the hardware stream.`);
}
