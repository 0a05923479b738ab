import Type from 'typebox';

const closed = { additionalProperties: false } as const;

/** What the plan says about a sale or a listing of the studio. Without this member units stay units. */
export const LiquidityMember = Type.Object(
  {
    /** Events that convert. */
    on: Type.Array(Type.Enum(['sale', 'listing'] as const), { minItems: 1, maxItems: 2, uniqueItems: true }),
    /** How much of each holder's units converts, parts per million; the rest stays units. */
    convertsPpm: Type.Integer({ minimum: 1, maximum: 1_000_000, unit: 'ppm' }),
    /** Days between the announcement and the conversion. */
    noticeDays: Type.Integer({ minimum: 0, maximum: 366, unit: 'days' }),
  },
  closed,
);
