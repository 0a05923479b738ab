import { Type } from 'typebox';
import { PERK_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { orNull, Whole } from './shapes.ts';

const PerkOffer = Type.Object(
  {
    item: Type.String(),
    priceCents: Whole,
    lastCostMicroJam: orNull(Whole),
    kind: Type.Enum(['storage', 'ai-time', 'pro-features', 'hardware-discount']),
    title: Type.String(),
    unit: Type.String(),
    payeeMonthly: Type.Number(),
    monthly: Type.Number(),
    validDays: Type.Number(),
  },
  { title: 'PerkOffer' },
);
const PerkView = Type.Object(
  {
    item: Type.String(),
    kind: Type.Enum(['storage', 'ai-time', 'pro-features', 'hardware-discount']),
    title: Type.String(),
    unit: Type.String(),
    priceCents: Whole,
    valuationId: orNull(Type.String()),
    grantedAtUs: orNull(Whole),
    code: orNull(Type.String()),
    sentence: Type.String(),
    id: Type.String(),
    payee: Type.String(),
    quantity: Whole,
    usedQuantity: Whole,
    heldMicroJam: Whole,
    costMicroJam: Whole,
    requestedAtUs: Whole,
    expiresAtUs: orNull(Whole),
    state: Type.Enum([
      'waiting',
      'refused',
      'reserving',
      'declined',
      'granted',
      'used',
      'revoked',
      'expired',
    ]),
  },
  { title: 'PerkView' },
);
const PerkRun = Type.Object(
  { granted: Type.Number(), declined: Type.Number(), expired: Type.Number(), waiting: Type.Number() },
  { title: 'PerkRun' },
);
const PerkEventView = Type.Object(
  { type: Type.String(), quantity: Whole, reference: Type.String(), atUs: Whole },
  { title: 'PerkEventView' },
);
const Discount = Type.Object(
  { grantId: Type.String(), payee: Type.String(), cents: Whole, expiresAtUs: Whole },
  { title: 'Discount' },
);

export const PERKS_CONTRACTS = {
  'GET /api/perks': {
    summary: 'Perks on offer and what they cost',
    letsIn: 'open',
    // As many as a policy may name.
    answer: Type.Array(PerkOffer, { maxItems: 64 }),
  },
  'POST /api/perks': {
    summary: 'A payee takes a perk; the same key asks once',
    letsIn: 'operator',
    answer: PerkView,
    codes: [...PERK_CODES],
  },
  'POST /api/perks/settle': {
    summary: 'Prices and grants what waits',
    letsIn: 'operator',
    answer: PerkRun,
    codes: [...PERK_CODES],
  },
  'GET /api/payees/:payee/perks': {
    summary: 'Perks of a payee',
    letsIn: 'operator',
    query: PageQuery,
    answer: pageOf('perks', PerkView),
    codes: ['cursor-malformed'],
  },
  'GET /api/perks/:id/journal': {
    summary: 'What happened to a perk',
    letsIn: 'operator',
    answer: Type.Array(PerkEventView, { maxItems: 500 }),
  },
  'POST /api/perks/:id/use': {
    summary: 'Uses some of a perk',
    letsIn: 'operator',
    answer: PerkView,
    codes: [...PERK_CODES],
  },
  'POST /api/perks/:id/revoke': {
    summary: 'Takes a perk back',
    letsIn: 'operator',
    answer: PerkView,
    codes: [...PERK_CODES],
  },
  'POST /api/perks/discounts': {
    summary: 'What a discount code is worth',
    letsIn: 'operator',
    onlyLooks: true,
    answer: Discount,
    codes: [...PERK_CODES],
  },
} as const satisfies Contracts;
