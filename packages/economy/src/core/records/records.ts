import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { CONTRIBUTION_KINDS, type ContributionKind, STREAMS, type Stream } from './kinds.ts';
import { isPayee } from './payee-id.ts';

/** Outside cash that came in, or (with `refundOf`) went back. Never perks paid in JAM. */
export interface Receipt {
  readonly id: string;
  /** Who paid. Never leaves the operator's own database. */
  readonly principal: string;
  readonly stream: Stream;
  /** Cents, > 0; of a refund: what went back. */
  readonly amountCents: bigint;
  readonly currency: string;
  readonly reference: string;
  /** Id of the receipt that this one pays back, or `null`. */
  readonly refundOf: string | null;
  readonly receivedAtUs: bigint;
}

/** A board-approved value of the studio without the redemption reserve. */
export interface Valuation {
  readonly id: string;
  /** V, cents. */
  readonly valueCents: bigint;
  /** S, whole fully diluted membership units, the contributor pool included. */
  readonly fullyDilutedUnits: bigint;
  readonly datedAtUs: bigint;
  readonly approvedBy: string;
  readonly documentSha256: string;
}

/** One verified, measured act with its evidence. */
export interface Contribution {
  /** Lower-case hex, 32 to 64 digits, derived from the content: a repeat is the same contribution. */
  readonly id: string;
  readonly schema: 'jamnet/contribution/v1';
  readonly kind: ContributionKind;
  /** Names the unit of `merit`; the policy lists it with its weight. */
  readonly meter: string;
  readonly payees: readonly PayeeWeight[];
  /** Verified quantity in the meter's unit, ≥ 0. */
  readonly merit: bigint;
  readonly subject: string;
  readonly acceptedAtUs: bigint;
  /** Salted commitment to the evidence, hex SHA-256. */
  readonly evidence: string;
  readonly ownerGroup: string;
}

export interface PayeeWeight {
  readonly payee: string;
  readonly weight: bigint;
}

/** What one paying principal used (listened to, ran, computed) of one contribution. */
export interface Use {
  readonly row: string;
  readonly contribution: string;
  readonly meter: string;
  /** In the meter's unit, > 0. */
  readonly quantity: bigint;
  readonly principal: string;
}

export type RecordCode =
  | 'receipt-malformed'
  | 'wrong-currency'
  | 'valuation-malformed'
  | 'contribution-malformed'
  | 'use-malformed';

export const PAYEES_PER_CONTRIBUTION_MAX = 256;
/** Largest single amount, merit, weight or quantity: far beyond any real one, and a million of them still fit SQL's int64. */
export const QUANTITY_MAX = 1_000_000_000_000n;
const CENTS_MAX = 1_000_000_000_000_00n;
const UNITS_MAX = 1_000_000_000_000n;
const NAME = /^[\x21-\x7e]{1,128}$/;
const SHA256 = /^[0-9a-f]{64}$/;

export function checkReceipt(receipt: Receipt): Result<Receipt, RecordCode> {
  const bad = (message: string): Refusal<RecordCode> =>
    refuse('receipt-malformed', `Receipt ${receipt.id}: ${message}`);
  if (receipt.currency !== 'USD')
    return refuse('wrong-currency', `Receipt ${receipt.id}: convert ${receipt.currency} to USD first.`);
  if (!NAME.test(receipt.id) || !NAME.test(receipt.principal))
    return bad('id and principal are 1 to 128 visible ASCII characters.');
  if (!STREAMS.includes(receipt.stream)) return bad(`the stream is one of ${STREAMS.join(', ')}.`);
  if (receipt.amountCents <= 0n || receipt.amountCents > CENTS_MAX)
    return bad('the amount is above 0; a refund names refundOf instead.');
  if (receipt.reference.length > 256) return bad('the reference has at most 256 characters.');
  if (receipt.refundOf !== null && !NAME.test(receipt.refundOf))
    return bad('refundOf is the id of a receipt.');
  return receipt.receivedAtUs < 0n ? bad('receivedAtUs is UTC µs since 1970.') : ok(receipt);
}

export function checkValuation(valuation: Valuation): Result<Valuation, RecordCode> {
  const bad = (message: string): Refusal<RecordCode> =>
    refuse('valuation-malformed', `Valuation ${valuation.id}: ${message}`);
  if (!NAME.test(valuation.id)) return bad('the id is 1 to 128 visible ASCII characters.');
  if (valuation.valueCents <= 0n || valuation.valueCents > CENTS_MAX)
    return bad('the value is above 0 cents.');
  if (valuation.fullyDilutedUnits <= 0n || valuation.fullyDilutedUnits > UNITS_MAX)
    return bad('there is at least one unit.');
  if (valuation.approvedBy === '' || valuation.approvedBy.length > 256) return bad('say who approved it.');
  if (!SHA256.test(valuation.documentSha256))
    return bad('documentSha256 is the hash of the signed document.');
  return valuation.datedAtUs < 0n ? bad('datedAtUs is UTC µs since 1970.') : ok(valuation);
}

export function checkContribution(contribution: Contribution): Result<Contribution, RecordCode> {
  const bad = (message: string): Refusal<RecordCode> =>
    refuse('contribution-malformed', `Contribution ${contribution.id}: ${message}`);
  if (!/^[0-9a-f]{32,64}$/.test(contribution.id)) return bad('the id is 32 to 64 lower-case hex digits.');
  if (contribution.schema !== 'jamnet/contribution/v1') return bad('the schema is jamnet/contribution/v1.');
  if (!CONTRIBUTION_KINDS.includes(contribution.kind))
    return bad(`the kind is one of ${CONTRIBUTION_KINDS.join(', ')}.`);
  if (contribution.merit < 0n || contribution.merit > QUANTITY_MAX)
    return bad(`merit is within 0 and ${QUANTITY_MAX}.`);
  if (!SHA256.test(contribution.evidence)) return bad('evidence is a hex SHA-256.');
  if (contribution.ownerGroup === '' || contribution.ownerGroup.length > 64)
    return bad('ownerGroup has 1 to 64 characters.');
  if (contribution.subject.length > 256) return bad('the subject has at most 256 characters.');
  if (contribution.acceptedAtUs < 0n) return bad('acceptedAtUs is UTC µs since 1970.');
  const fault = payeesFault(contribution.payees);
  return fault ? bad(fault) : ok(contribution);
}

function payeesFault(payees: readonly PayeeWeight[]): string | null {
  if (payees.length < 1 || payees.length > PAYEES_PER_CONTRIBUTION_MAX)
    return `it has 1 to ${PAYEES_PER_CONTRIBUTION_MAX} payees.`;
  if (payees.some(({ payee }) => !isPayee(payee))) return 'a payee is p and 32 lower-case hex digits.';
  if (payees.some(({ weight }) => weight <= 0n || weight > QUANTITY_MAX))
    return `a payee's weight is within 1 and ${QUANTITY_MAX}.`;
  return new Set(payees.map(({ payee }) => payee)).size === payees.length
    ? null
    : 'each payee is named once.';
}

export function checkUse(use: Use): Result<Use, RecordCode> {
  const bad = (message: string): Refusal<RecordCode> => refuse('use-malformed', `Use ${use.row}: ${message}`);
  if (!NAME.test(use.row) || !NAME.test(use.principal))
    return bad('row and principal are 1 to 128 visible ASCII characters.');
  return use.quantity <= 0n || use.quantity > QUANTITY_MAX
    ? bad(`quantity is within 1 and ${QUANTITY_MAX}.`)
    : ok(use);
}
