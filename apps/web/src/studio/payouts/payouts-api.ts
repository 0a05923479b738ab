import { fetchJson } from '../../api/fetch-json.ts';
import { fetchRoute } from '../../api/fetch-route.ts';
import { amount, count, list, oneOf, orNull, record, text } from '../../api/shape.ts';

export interface PlannedBatch {
  readonly rail: string;
  readonly currency: string;
  readonly payees: number;
  readonly grossCents: string;
  readonly withheldCents: string;
  readonly feeCents: string;
  readonly amountCents: string;
}

export interface PlannedPayout {
  readonly payee: string;
  readonly payableCents: string;
  readonly held: { readonly code: string; readonly reason: string } | null;
}

export const PAYOUT_STATES = [
  'reserving',
  'reserved',
  'submitted',
  'unknown',
  'settled',
  'returned',
  'refused',
] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

export interface Payout {
  readonly id: string;
  readonly payee: string;
  readonly rail: string;
  readonly usdCents: string;
  readonly state: PayoutState;
  readonly batchId: string | null;
  readonly reason: string | null;
}

export interface SentBatch {
  readonly rail: string;
  readonly batchId: string;
  readonly payouts: number;
  readonly totalCents: string;
  readonly currency: string;
  readonly file: string | null;
}

const batch = record<PlannedBatch>({
  rail: text,
  currency: text,
  payees: count,
  grossCents: amount,
  withheldCents: amount,
  feeCents: amount,
  amountCents: amount,
});
const planned = record<PlannedPayout>({
  payee: text,
  payableCents: amount,
  held: orNull(record({ code: text, reason: text })),
});
const payout = record<Payout>({
  id: text,
  payee: text,
  rail: text,
  usdCents: amount,
  state: oneOf(...PAYOUT_STATES),
  batchId: orNull(text),
  reason: orNull(text),
});
const sent = record<{ requested: number; batches: readonly SentBatch[] }>({
  requested: count,
  batches: list(
    record<SentBatch>({
      rail: text,
      batchId: text,
      payouts: count,
      totalCents: amount,
      currency: text,
      file: orNull(text),
    }),
  ),
});
interface BankAnswer {
  readonly applied: readonly { readonly payoutId: string }[];
  readonly odd: readonly { readonly id: string }[];
}
const answered = record<BankAnswer>({
  applied: list(record<{ payoutId: string }>({ payoutId: text })),
  odd: list(record<{ id: string }>({ id: text })),
});

/** Money on its way to people. */
export const payouts = {
  plan: () => fetchRoute('GET /api/payouts/plan', record({ batches: list(batch), payouts: list(planned) })),
  page: async (state: PayoutState | null, after: string | null) => {
    const answer = await fetchRoute(
      'GET /api/payouts',
      record({ payouts: list(payout), next: orNull(text) }),
      { query: { state: state ?? undefined, after: after ?? undefined } },
    );
    return answer.ok ? { ...answer, value: { rows: answer.value.payouts, next: answer.value.next } } : answer;
  },
  send: () => fetchRoute('POST /api/payouts/send', sent),
  /** A batch's file, as it goes to the bank. */
  file: (batch: string) =>
    fetchRoute('POST /api/payouts/batches/:batch/file', record({ name: text, text }), { params: { batch } }),
  /** A bank's answer as the bank wrote it. */
  answer: (file: string) =>
    fetchJson('/api/payouts/answers', answered, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: file,
    }),
  price: () =>
    fetchRoute('POST /api/redemptions/run', record({ paidCents: amount, redeemedMicroJam: amount })),
};
