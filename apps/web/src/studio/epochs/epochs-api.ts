import { allPages } from '../../api/all-pages.ts';
import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, count, list, oneOf, orNull, record, text } from '../../api/shape.ts';

/** An epoch that is not closed. Times are decimal UTC µs. */
export interface UnclosedEpoch {
  readonly id: string;
  readonly state: 'open' | 'closed' | 'settling';
  readonly endUs: string;
  readonly unfiledCode: readonly string[];
  readonly closing: { readonly done: readonly string[]; readonly sinceUs: string } | null;
}

export interface Figures {
  readonly revenueCents: string;
  readonly contributorShareCents: string;
  readonly issuedMicroJam: string;
  readonly cashCents: string;
}

export interface Preview extends Figures {
  readonly payments: readonly {
    readonly payee: string;
    readonly microJam: string;
    readonly cents: string;
  }[];
}

export interface Closed extends Figures {
  readonly epochId: string;
  readonly contributors: number;
}

const unclosed = record<UnclosedEpoch>({
  id: text,
  state: oneOf('open', 'closed', 'settling'),
  endUs: amount,
  unfiledCode: list(text),
  closing: orNull(record({ done: list(text), sinceUs: amount })),
});
const figures = {
  revenueCents: amount,
  contributorShareCents: amount,
  issuedMicroJam: amount,
  cashCents: amount,
};
const preview = record<Preview>({
  ...figures,
  payments: list(record({ payee: text, microJam: amount, cents: amount })),
});

/** Epochs as the operator opens, looks at and closes them. */
export const epochs = {
  unclosed: () =>
    allPages(async (query) => {
      const shape = record({ epochs: list(unclosed), next: orNull(text) });
      const page = await fetchRoute('GET /api/epochs', shape, { query: { ...query } });
      return page.ok ? { ...page, value: { rows: page.value.epochs, next: page.value.next } } : page;
    }),
  open: () => sendRoute('POST /api/epochs', record({ id: text }), {}),
  preview: (epoch: string) => fetchRoute('GET /api/epochs/:epoch/preview', preview, { params: { epoch } }),
  close: (epoch: string) =>
    fetchRoute(
      'POST /api/epochs/:epoch/close',
      record<Closed>({ ...figures, epochId: text, contributors: count }),
      { params: { epoch } },
    ),
};
