import { allPages, ROWS_SHOWN_MAX } from '../api/all-pages.ts';
import type { Answer } from '../api/endpoints.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { fetchRoute } from '../api/fetch-route.ts';
import { amount, count, flag, list, number, orNull, record, type Shape, text } from '../api/shape.ts';

/** Rows asked for at once. */
const PAGE_ROWS = 50;

export interface Page<T> {
  readonly rows: readonly T[];
  /** Where the next page begins; `null` after the last. */
  readonly next: string | null;
}

export interface EpochLine {
  readonly epoch: string;
  readonly sample: boolean;
  readonly policyName: string;
  readonly closedAtUs: string;
  readonly revenueCents: string;
  readonly shareCents: string;
  readonly issuedMicroJam: string;
  readonly cashCents: string;
  readonly participants: number;
  readonly file: string;
  readonly sha256: string;
  readonly statementLeaf: string;
}

export interface EpochSheet extends EpochLine {
  readonly price: { readonly cents: string; readonly units: string } | null;
  readonly streams: readonly { readonly stream: string; readonly netCents: string }[];
  readonly kinds: readonly { readonly kind: string; readonly microJam: string }[];
  readonly payees: number;
}

export interface Paid {
  readonly payee: string;
  readonly name: string | null;
  readonly microJam: string;
  readonly cents: string;
  readonly escrowed: boolean;
}

export interface BooksAccount {
  readonly code: string;
  readonly balance: string;
  readonly held: string;
}

export interface BooksMove {
  readonly entryIndex: string;
  readonly legNumber: string;
  readonly amount: string;
  readonly balance: string;
}

export interface Policy {
  readonly sha256: string;
  readonly publishedAtUs: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** The proposal that was adopted as this policy. */
  readonly decision: {
    readonly proposal: string;
    readonly title: string;
    readonly isAmended: boolean;
  } | null;
}

export interface FileList {
  readonly files: readonly { readonly path: string; readonly files: number; readonly bytes: number }[];
  readonly isCutShort: boolean;
}

const lineFields = {
  epoch: text,
  sample: flag,
  policyName: text,
  closedAtUs: amount,
  revenueCents: amount,
  shareCents: amount,
  issuedMicroJam: amount,
  cashCents: amount,
  participants: count,
  file: text,
  sha256: text,
  statementLeaf: amount,
};
const line = record<EpochLine>(lineFields);
const sheet = record<EpochSheet>({
  ...lineFields,
  price: orNull(record({ cents: amount, units: amount })),
  streams: list(record({ stream: text, netCents: amount })),
  kinds: list(record({ kind: text, microJam: amount })),
  payees: count,
});
const paid = record<Paid>({
  payee: text,
  name: orNull(text),
  microJam: amount,
  cents: amount,
  escrowed: flag,
});
const account = record<BooksAccount>({ code: text, balance: amount, held: amount });
const move = record<BooksMove>({ entryIndex: amount, legNumber: amount, amount, balance: amount });
const anything: Shape<Readonly<Record<string, unknown>>> = (value, path) => {
  record<object>({})(value, path);
  // An object, as just seen; what is in it is shown as it stands.
  return value as Readonly<Record<string, unknown>>;
};

/** The list that an answer has under `name`, as a page. */
function pageOf<T>(name: string, row: Shape<T>): Shape<Page<T>> {
  return (value, path) => {
    const { next } = record<{ next: string | null }>({ next: orNull(text) })(value, path);
    const read = record<Record<string, readonly T[]>>({ [name]: list(row) })(value, path);
    return { rows: read[name] ?? [], next };
  };
}

function paging(after: string | null, more: Readonly<Record<string, string>> = {}): string {
  return String(
    new URLSearchParams({ ...more, limit: String(PAGE_ROWS), ...(after === null ? {} : { after }) }),
  );
}

/** What the public books say, page by page. */
export const books = {
  epochs: (after: string | null): Answer<Page<EpochLine>> =>
    fetchJson(`/api/books/epochs?${paging(after)}`, pageOf('epochs', line)),
  epoch: (id: string): Answer<EpochSheet> => fetchJson(`/api/books/epochs/${encodeURIComponent(id)}`, sheet),
  paid: (id: string, after: string | null): Answer<Page<Paid>> =>
    fetchJson(`/api/books/epochs/${encodeURIComponent(id)}/paid?${paging(after)}`, pageOf('paid', paid)),
  accounts: (prefix: string, after: string | null): Answer<Page<BooksAccount>> =>
    fetchJson(`/api/books/accounts?${paging(after, { prefix })}`, pageOf('accounts', account)),
  account: (code: string): Answer<BooksAccount> =>
    fetchJson(
      `/api/books/moves?${paging(null, { account: code })}`,
      (value, path) => record<{ account: BooksAccount }>({ account })(value, path).account,
    ),
  moves: (code: string, after: string | null): Answer<Page<BooksMove>> =>
    fetchJson(`/api/books/moves?${paging(after, { account: code })}`, pageOf('moves', move)),
  policies: (): Answer<readonly Policy[]> =>
    fetchJson(
      '/api/books/policies',
      (value, path) =>
        record<{ policies: readonly Policy[] }>({
          policies: list((one, where) => ({
            ...record<Omit<Policy, 'document'>>({
              sha256: text,
              publishedAtUs: amount,
              decision: orNull(record({ proposal: text, title: text, isAmended: flag })),
            })(one, where),
            document: record<{ policy: Policy['document'] }>({ policy: anything })(one, where).policy,
          })),
        })(value, path).policies,
    ),
  files: async (): Answer<FileList> => {
    const shape = record({
      files: list(record({ path: text, files: count, bytes: number })),
      isCutShort: flag,
      next: orNull(text),
    });
    let isCutShort = false;
    const every = await allPages(async (query) => {
      const page = await fetchRoute('GET /api/books/files', shape, { query: { ...query } });
      if (!page.ok) return page;
      ({ isCutShort } = page.value);
      return { ...page, value: { rows: page.value.files, next: page.value.next } };
    });
    return every.ok
      ? {
          ...every,
          value: { files: every.value, isCutShort: isCutShort || every.value.length === ROWS_SHOWN_MAX },
        }
      : every;
  },
};
