import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, count, list, record, text } from '../../api/shape.ts';

/** What the board says the studio is worth. Amounts are decimal text. */
export interface Valuation {
  readonly id: string;
  readonly valueCents: string;
  readonly fullyDilutedUnits: string;
  readonly datedAtUs: string;
  readonly approvedBy: string;
  readonly documentSha256: string;
}

const valuation = record<Valuation>({
  id: text,
  valueCents: amount,
  fullyDilutedUnits: amount,
  datedAtUs: amount,
  approvedBy: text,
  documentSha256: text,
});

export const valuations = {
  all: () => fetchRoute('GET /api/valuations', list(valuation)),
  add: (added: Valuation) => sendRoute('POST /api/valuations', record({ added: count }), added),
};
