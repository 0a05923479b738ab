import { type TSchema, Type } from 'typebox';

// Shapes that answers of several areas have. Open: a newer studio may say more, and who reads leaves aside what it does not know.

export function orNull<T extends TSchema>(shape: T) {
  return Type.Union([shape, Type.Null()]);
}

/** A whole number of any size as decimal text: amounts, moments in UTC µs, leaf numbers. */
export const Whole = Type.String({ pattern: '^-?(0|[1-9][0-9]*)$' });
/** What is answered where there is nothing to tell. */
export const Done = Type.Object({ ok: Type.Literal(true) });
export const Role = Type.Enum(['member', 'curator', 'auditor', 'operator']);
/** Ways to contribute, as the economy has them: pages read these contracts and no store, so that they stand here again and a test compares them. */
export const Kind = Type.Enum(['music', 'code', 'compute', 'curation']);
/** A published policy as it was signed; `jamnet policy check` knows its members. */
export const PolicyDocument = Type.Record(Type.String(), Type.Unknown());

export const AuditCheckView = Type.Object(
  { name: Type.String(), ok: Type.Boolean(), detail: Type.String() },
  { title: 'AuditCheckView' },
);
export const AuditView = Type.Object(
  { verdict: Type.Enum(['failed', 'ok']), witnessed: Type.Boolean(), checks: Type.Array(AuditCheckView) },
  { title: 'AuditView' },
);
export const RedemptionView = Type.Object(
  {
    status: Type.Enum(['waiting-for-price', 'suspended', 'partly-paid', 'paid', 'cancelled', 'refused']),
    sentence: Type.String(),
    id: Type.String(),
    payee: Type.String(),
    askedMicroJam: Whole,
    paidMicroJam: Whole,
    paidCents: Whole,
    requestedAtUs: Whole,
    cutoffUs: Whole,
    state: Type.Enum(['open', 'paid', 'cancelled', 'refused', 'reserving']),
    mayCancel: Type.Boolean(),
  },
  { title: 'RedemptionView' },
);
export const ArchivedTake = Type.Object(
  {
    id: Type.String(),
    bytes: Type.Number(),
    room: Type.String(),
    recorder: Type.String(),
    startedAtUs: Type.String(),
    recordedAtUs: Type.Optional(Type.String()),
    filedAtUs: Type.Optional(Type.String()),
    seconds: Type.Number(),
    repaired: Type.Optional(Type.Object({ id: Type.String(), bytes: Type.Number(), holes: Type.Number() })),
    tracks: Type.Array(
      Type.Object({
        player: Type.String(),
        role: Type.String(),
        from: Type.String(),
        content: Type.String(),
      }),
    ),
  },
  { title: 'ArchivedTake' },
);
export const UnitPrice = Type.Object({ cents: Whole, units: Whole }, { title: 'UnitPrice' });
export const Valuation = Type.Object(
  {
    id: Type.String(),
    valueCents: Whole,
    fullyDilutedUnits: Whole,
    datedAtUs: Whole,
    approvedBy: Type.String(),
    documentSha256: Type.String(),
  },
  { title: 'Valuation' },
);
export const PlacedOrder = Type.Object(
  { order: Type.String(), codes: Type.Array(Type.String()), repeated: Type.Boolean() },
  { title: 'PlacedOrder' },
);
export const RefundedOrder = Type.Object(
  {
    order: Type.String(),
    undone: Type.Boolean(),
    devices: Type.Array(
      Type.Object({
        state: Type.Enum(['open', 'void', 'claimed', 'rewarded', 'withheld', 'charged-back', 'kept']),
        chargedMicroJam: Whole,
        missingMicroJam: Whole,
      }),
    ),
  },
  { title: 'RefundedOrder' },
);
