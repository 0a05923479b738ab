import { ok, type Result, refuse } from '@jamnet/base';
import Type, { type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { parsePolicy } from '../policy/policy.ts';
import { byKind, CONTRIBUTION_KINDS, STREAMS, type Stream } from '../records/kinds.ts';
import { PAYEE_PATTERN } from '../records/payee-id.ts';
import type { PublicEpoch } from './public-epoch.ts';

const closed = { additionalProperties: false } as const;
const Amount = Type.String({ pattern: '^(0|[1-9][0-9]{0,39})$' });
const Payee = Type.String({ pattern: PAYEE_PATTERN });
const Sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Kinds = Type.Object({ music: Amount, code: Amount, compute: Amount, curation: Amount }, closed);

const WireEpoch = Type.Object(
  {
    schema: Type.Literal('jamnet/public-epoch/v1'),
    epochId: Type.String({ minLength: 1, maxLength: 64 }),
    policy: Type.Unknown(),
    valuation: Type.Union([
      Type.Null(),
      Type.Object(
        {
          id: Type.String({ maxLength: 128 }),
          valueCents: Amount,
          fullyDilutedUnits: Amount,
          datedAtUs: Amount,
          approvedBy: Type.String({ maxLength: 256 }),
          documentSha256: Sha256Hex,
        },
        closed,
      ),
    ]),
    streamCents: Type.Object(
      {
        hardware: Amount,
        subscription: Amount,
        compute: Amount,
        licence: Amount,
        storage: Amount,
        'conversion-fee': Amount,
      },
      closed,
    ),
    shortfallCents: Amount,
    deficitInCents: Amount,
    deficitOutCents: Amount,
    revenueCents: Amount,
    contributorShareCents: Amount,
    carriedInCents: Kinds,
    carriedOutCents: Kinds,
    poolMicroJam: Amount,
    entitledMicroJam: Amount,
    issuedMicroJam: Amount,
    cashCents: Amount,
    rows: Type.Array(
      Type.Object(
        {
          rowId: Sha256Hex,
          rule: Type.Enum(['use', 'merit']),
          kind: Type.Enum(CONTRIBUTION_KINDS),
          netMicroCents: Amount,
          shares: Type.Array(Type.Object({ payee: Payee, weight: Amount }, closed), { minItems: 1 }),
        },
        closed,
      ),
    ),
    capped: Type.Array(Type.Array(Payee, { minItems: 1 })),
    escrowed: Type.Array(Payee),
  },
  closed,
);

/** A published epoch file (parsed JSON) as values; refused unless every member is as specified. */
export function parsePublicEpoch(document: unknown): Result<PublicEpoch, 'public-epoch-malformed'> {
  if (!Check(WireEpoch, document)) {
    const [first] = Errors(WireEpoch, document);
    return refuse(
      'public-epoch-malformed',
      `The epoch file is not valid at ${first?.instancePath ?? '/'}: ${first?.message ?? 'unreadable'}.`,
    );
  }
  const policy = parsePolicy(document.policy);
  if (!policy.ok) return refuse('public-epoch-malformed', `The policy in the epoch file: ${policy.message}`);
  return ok({ ...document, policy: policy.value, ...amountsOf(document) });
}

type Wire = Static<typeof WireEpoch>;

function amountsOf(wire: Wire): Omit<PublicEpoch, 'schema' | 'epochId' | 'policy' | 'capped' | 'escrowed'> {
  return {
    valuation: wire.valuation && {
      ...wire.valuation,
      valueCents: BigInt(wire.valuation.valueCents),
      fullyDilutedUnits: BigInt(wire.valuation.fullyDilutedUnits),
      datedAtUs: BigInt(wire.valuation.datedAtUs),
    },
    streamCents: streamAmounts(wire.streamCents),
    shortfallCents: BigInt(wire.shortfallCents),
    deficitInCents: BigInt(wire.deficitInCents),
    deficitOutCents: BigInt(wire.deficitOutCents),
    revenueCents: BigInt(wire.revenueCents),
    contributorShareCents: BigInt(wire.contributorShareCents),
    carriedInCents: byKind((kind) => BigInt(wire.carriedInCents[kind])),
    carriedOutCents: byKind((kind) => BigInt(wire.carriedOutCents[kind])),
    poolMicroJam: BigInt(wire.poolMicroJam),
    entitledMicroJam: BigInt(wire.entitledMicroJam),
    issuedMicroJam: BigInt(wire.issuedMicroJam),
    cashCents: BigInt(wire.cashCents),
    rows: wire.rows.map((row) => ({
      ...row,
      netMicroCents: BigInt(row.netMicroCents),
      shares: row.shares.map(({ payee, weight }) => ({ payee, weight: BigInt(weight) })),
    })),
  };
}

function streamAmounts(wire: Readonly<Record<Stream, string>>): Record<Stream, bigint> {
  const amounts = {
    hardware: 0n,
    subscription: 0n,
    compute: 0n,
    licence: 0n,
    storage: 0n,
    'conversion-fee': 0n,
  };
  for (const stream of STREAMS) amounts[stream] = BigInt(wire[stream]);
  return amounts;
}
