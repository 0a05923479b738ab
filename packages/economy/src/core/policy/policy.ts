import { type CanonicalValue, canonicalJson, encodeUtf8, ok, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import Type, { type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { PayoutRulesSchema } from '../payouts/payout-rules.ts';
import { CONTRIBUTION_KINDS } from '../records/kinds.ts';
import { CodeMember, UnclaimedMember } from './code-member.ts';
import { LiquidityMember } from './liquidity-member.ts';
import { MusicMember } from './music-member.ts';
import { PerksMember } from './perk-catalogue.ts';
import { type PolicyCode, policyFault } from './policy-rules.ts';
import { amountOf, Ppm, ratioOf } from './policy-units.ts';
import { CurrenciesMember, HardwareMember, ProductsMember } from './revenue-members.ts';

const closed = { additionalProperties: false } as const;
const Sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Kind = Type.Enum(CONTRIBUTION_KINDS);

const StreamRule = Type.Object(
  {
    /** Days after which a payment can no longer be charged back; it counts in the epoch in which they end. */
    refundWindowDays: Type.Integer({ minimum: 0, maximum: 400, unit: 'days' }),
    /** Parts per million for each kind; they sum to 1,000,000. */
    kindsPpm: Type.Object({ music: Ppm, code: Ppm, compute: Ppm, curation: Ppm }, closed),
  },
  closed,
);

/** The published rules of an epoch. DESIGN §5; every member is explained in the package's README. */
export const PolicySchema = Type.Object(
  {
    schema: Type.Literal('jamnet/policy/v1'),
    version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    // Shown on pages and terminals: no control characters, no marks that turn the direction of writing.
    name: Type.String({
      minLength: 1,
      maxLength: 120,
      pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
    }),
    sample: Type.Boolean(),
    epochs: Type.Union([
      Type.Object({ kind: Type.Literal('calendar-month') }, closed),
      Type.Object(
        { kind: Type.Literal('sample'), id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }) },
        closed,
      ),
    ]),
    currency: Type.Literal('USD'),
    contributorShare: ratioOf({}),
    streams: Type.Object(
      {
        hardware: StreamRule,
        subscription: StreamRule,
        compute: StreamRule,
        licence: StreamRule,
        storage: StreamRule,
        'conversion-fee': StreamRule,
      },
      closed,
    ),
    meters: Type.Record(
      Type.String({ pattern: '^[a-z0-9][a-z0-9./-]{0,62}$' }),
      Type.Object({ kind: Kind, weight: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) }, closed),
      // Without this a name that does not fit the pattern could be anything.
      closed,
    ),
    ownerGroupCapPpm: Type.Integer({ minimum: 1, maximum: 1_000_000, unit: 'ppm' }),
    pricing: Type.Union([
      Type.Object(
        {
          kind: Type.Literal('nav'),
          opinionSha256: Type.Optional(Sha256Hex),
          planSha256: Type.Optional(Sha256Hex),
        },
        closed,
      ),
      Type.Object({ kind: Type.Literal('fixed'), centsPerUnit: ratioOf({ unit: 'cents-per-jam' }) }, closed),
    ]),
    issueShare: ratioOf({}),
    pool: Type.Object({ authorisedMicroJam: amountOf('micro-jam') }, closed),
    redemption: Type.Object(
      {
        monthlyPpm: Ppm,
        quarterlyPpm: Ppm,
        fullReservePpm: Type.Integer({ minimum: 1, maximum: 1_000_000, unit: 'ppm' }),
        bufferPpm: Ppm,
        valuationAgeDaysMax: Type.Integer({ minimum: 1, maximum: 92, unit: 'days' }),
        smallCents: amountOf('cents'),
      },
      closed,
    ),
    currencies: Type.Optional(CurrenciesMember),
    products: Type.Optional(ProductsMember),
    /** Product of card payments that name none, as a subscription's charges do. */
    unassignedProduct: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })),
    hardware: Type.Optional(HardwareMember),
    /** Who is paid how, when and over what; the defaults hold without it. */
    payouts: Type.Optional(PayoutRulesSchema),
    perks: Type.Optional(PerksMember),
    /** What a sale or listing converts; without it nothing. */
    liquidity: Type.Optional(LiquidityMember),
    /** Dependencies and maintenance bounties; without it neither. */
    code: Type.Optional(CodeMember),
    /** What a take's worth to a released model earns; without it nothing. */
    music: Type.Optional(MusicMember),
    /** When pay that nobody claimed returns; without it never. */
    unclaimed: Type.Optional(UnclaimedMember),
    documents: Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), Sha256Hex, closed),
  },
  closed,
);

export type Policy = Static<typeof PolicySchema>;
export type { PolicyCode } from './policy-rules.ts';

/** Schema and sense of a policy document from outside. */
export function parsePolicy(document: unknown): Result<Policy, PolicyCode> {
  if (!Check(PolicySchema, document)) {
    const [first] = Errors(PolicySchema, document);
    const where = first === undefined ? 'document' : first.instancePath || '/';
    return refuse(
      'policy-malformed',
      `The policy is not valid at ${where}: ${first === undefined ? 'unreadable' : told(first)}.`,
    );
  }
  return policyFault(document) ?? ok(document);
}

/** The checker's words, where they say what to do; else ours. */
function told({ keyword, message, params }: ReturnType<typeof Errors>[number]): string {
  if (keyword === 'boolean') return 'the policy has no such member';
  if (keyword === 'enum' && 'allowedValues' in params)
    return `must be one of ${params.allowedValues.map(String).join(', ')}`;
  return message;
}

/** JSON Pointers (RFC 6901) of the members that have not their form, each once, the checker's first so many; a missing member is told at its parent. */
export function malformedAt(document: unknown): readonly string[] {
  return [...new Set(Errors(PolicySchema, document).map(({ instancePath }) => instancePath))];
}

/** What the log fixes: SHA-256 of the policy's canonical JSON, lower-case hex. */
export function policySha256(policy: Policy): string {
  return hashOf(policy);
}

/** SHA-256 of a document's canonical JSON, lower-case hex. */
export function hashOf(document: CanonicalValue): string {
  return toHex(sha256(encodeUtf8(canonicalJson(document))));
}
