import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** What JAM can be exchanged for beside money. A discount is redeemed at the shop by a code, the others by the service itself. */
export const PERK_KINDS = ['ai-time', 'pro-features', 'storage', 'hardware-discount'] as const;
export type PerkKind = (typeof PERK_KINDS)[number];

const PerkRule = Type.Object(
  {
    kind: Type.Enum(PERK_KINDS),
    title: Type.String({ minLength: 1, maxLength: 80 }),
    /** What one of it is, e.g. "GPU hour" or "dollar off". */
    unit: Type.String({ minLength: 1, maxLength: 40 }),
    /** Cents for one unit; paid in JAM at the price of a unit. */
    priceCents: Type.String({ pattern: '^[1-9][0-9]{0,9}$', unit: 'cents' }),
    /** Units that one payee may ask for in a UTC month. */
    payeeMonthly: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    /** Units that all payees together may ask for in a UTC month. */
    monthly: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
    /** Days from the grant until what was not used lapses. */
    validDays: Type.Integer({ minimum: 1, maximum: 3_650, unit: 'days' }),
  },
  closed,
);

/** The policy's perks by id. Perks paid in JAM are no revenue: no receipt follows from them. */
export const PerksMember = Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), PerkRule, {
  ...closed,
  maxProperties: 64,
});
export type PerkRule = Static<typeof PerkRule>;

/** One perk of each kind, as the sample evening offers them. */
export const SAMPLE_PERKS: Static<typeof PerksMember> = {
  'ai-hour': {
    kind: 'ai-time',
    title: 'AI time on the mesh',
    unit: 'GPU hour',
    priceCents: '40',
    payeeMonthly: 200,
    monthly: 10_000,
    validDays: 365,
  },
  'pro-month': {
    kind: 'pro-features',
    title: 'Pro features',
    unit: 'month',
    priceCents: '900',
    payeeMonthly: 12,
    monthly: 5_000,
    validDays: 365,
  },
  'storage-100gb': {
    kind: 'storage',
    title: 'Archive storage',
    unit: '100 GB month',
    priceCents: '200',
    payeeMonthly: 24,
    monthly: 5_000,
    validDays: 365,
  },
  'hardware-dollar': {
    kind: 'hardware-discount',
    title: 'Off a JAMCaster or JamBox',
    unit: 'dollar off',
    priceCents: '100',
    payeeMonthly: 40,
    monthly: 4_000,
    validDays: 180,
  },
};
