import { CURRENCIES, PAYEE_PATTERN, STREAMS } from '@jamnet/economy';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
/** Shapes only: what a name, an amount or a currency may be is for the economy to say, in its own words, to everybody alike. */
const Name = Type.String({ maxLength: 256 });
/** Integers beyond 2⁵³ travel as decimal text. */
const Whole = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$' });
const Sha256 = Type.String({ maxLength: 256 });
const Text = Type.String({ maxLength: 1_024 });

/** Receipts in one request; each is at most about a kilobyte. */
export const RECEIPTS_PER_REQUEST_MAX = 5_000;

const ReceiptBody = Type.Object(
  {
    id: Name,
    principal: Name,
    product: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
    stream: Type.Union([Type.Enum(STREAMS), Type.Null()]),
    amountMinor: Whole,
    currency: Name,
    reference: Text,
    refundOf: Type.Union([Name, Type.Null()]),
    receivedAtUs: Whole,
  },
  closed,
);
export const ReceiptsBody = Type.Object(
  {
    receipts: Type.Array(ReceiptBody, { maxItems: RECEIPTS_PER_REQUEST_MAX }),
    /** Only say what would be refused. */
    checkOnly: Type.Boolean(),
  },
  closed,
);
export type ReceiptsBody = Static<typeof ReceiptsBody>;

export const RateBody = Type.Object(
  {
    currency: Type.Enum(CURRENCIES),
    numerator: Whole,
    denominator: Whole,
    dayUs: Whole,
    documentSha256: Sha256,
  },
  closed,
);
export type RateBody = Static<typeof RateBody>;

export const ValuationBody = Type.Object(
  {
    id: Name,
    valueCents: Whole,
    fullyDilutedUnits: Whole,
    datedAtUs: Whole,
    approvedBy: Text,
    documentSha256: Sha256,
  },
  closed,
);
export type ValuationBody = Static<typeof ValuationBody>;

export const SeatBody = Type.Object({ tenant: Name, principal: Name }, closed);
export type SeatBody = Static<typeof SeatBody>;
export const TenantParams = Type.Object({ tenant: Name });

export const OrderBody = Type.Object(
  {
    id: Name,
    principal: Name,
    product: Type.String({ maxLength: 64 }),
    quantity: Type.Integer(),
    amountMinor: Whole,
    currency: Name,
    discountCode: Type.Union([Name, Type.Null()]),
    placedAtUs: Whole,
  },
  closed,
);
export type OrderBody = Static<typeof OrderBody>;
export const OrderParams = Type.Object({ order: Name });

export const OrderRefundBody = Type.Object(
  { order: Name, refund: Name, amountMinor: Whole, receivedAtUs: Whole },
  closed,
);
export type OrderRefundBody = Static<typeof OrderRefundBody>;

export const ClaimBody = Type.Object(
  {
    code: Type.String({ maxLength: 64 }),
    deviceKey: Name,
    payee: Name,
    signature: Name,
  },
  closed,
);
export type ClaimBody = Static<typeof ClaimBody>;

export const SessionBody = Type.Object({ deviceKey: Name, take: Text, signature: Name }, closed);
export type SessionBody = Static<typeof SessionBody>;

/** A payee’s pseudonym. */
export const Payee = Type.String({ pattern: PAYEE_PATTERN });
