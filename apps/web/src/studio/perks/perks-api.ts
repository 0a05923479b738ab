import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, count, list, number, oneOf, orNull, record, text } from '../../api/shape.ts';

const KINDS = ['storage', 'ai-time', 'pro-features', 'hardware-discount'] as const;
type PerkKind = (typeof KINDS)[number];

/** What may be had for JAM, by the policy in force. */
export interface Offer {
  readonly item: string;
  readonly kind: PerkKind;
  readonly title: string;
  readonly unit: string;
  readonly priceCents: string;
  /** At the last valuation; null while there is none. */
  readonly lastCostMicroJam: string | null;
  readonly payeeMonthly: number;
  readonly monthly: number;
  readonly validDays: number;
}

const PERK_STATES = [
  'waiting',
  'refused',
  'reserving',
  'declined',
  'granted',
  'used',
  'revoked',
  'expired',
] as const;
type PerkState = (typeof PERK_STATES)[number];

export interface Perk {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly quantity: string;
  readonly usedQuantity: string;
  readonly heldMicroJam: string;
  readonly costMicroJam: string;
  readonly state: PerkState;
  readonly sentence: string;
}

export interface PerkEvent {
  readonly type: string;
  readonly quantity: string;
  readonly reference: string;
  readonly atUs: string;
}

export interface PerkRequest {
  readonly payee: string;
  readonly item: string;
  readonly quantity: number;
  readonly key: string;
  readonly maxMicroJam?: string;
}

const offer = record<Offer>({
  item: text,
  kind: oneOf(...KINDS),
  title: text,
  unit: text,
  priceCents: amount,
  lastCostMicroJam: orNull(amount),
  payeeMonthly: number,
  monthly: number,
  validDays: number,
});
const perk = record<Perk>({
  id: text,
  title: text,
  unit: text,
  quantity: amount,
  usedQuantity: amount,
  heldMicroJam: amount,
  costMicroJam: amount,
  state: oneOf(...PERK_STATES),
  sentence: text,
});

export const perks = {
  offers: () => fetchRoute('GET /api/perks', list(offer)),
  ask: (request: PerkRequest) => sendRoute('POST /api/perks', perk, request),
  settle: () =>
    fetchRoute(
      'POST /api/perks/settle',
      record({ granted: count, declined: count, expired: count, waiting: count }),
    ),
  of: async (payee: string, after: string | null) => {
    const answer = await fetchRoute(
      'GET /api/payees/:payee/perks',
      record({ perks: list(perk), next: orNull(text) }),
      { params: { payee }, ...(after === null ? {} : { query: { after } }) },
    );
    return answer.ok ? { ...answer, value: { rows: answer.value.perks, next: answer.value.next } } : answer;
  },
  journal: (id: string) =>
    fetchRoute(
      'GET /api/perks/:id/journal',
      list(record<PerkEvent>({ type: text, quantity: amount, reference: text, atUs: amount })),
      { params: { id } },
    ),
  use: (id: string, use: { quantity: number; reference: string }) =>
    sendRoute('POST /api/perks/:id/use', perk, use, { params: { id } }),
  revoke: (id: string, reason: string) =>
    sendRoute('POST /api/perks/:id/revoke', perk, { reason }, { params: { id } }),
  discount: (code: string) =>
    sendRoute(
      'POST /api/perks/discounts',
      record({ grantId: text, payee: text, cents: amount, expiresAtUs: amount }),
      { code },
    ),
};
