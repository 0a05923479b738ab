import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, list, orNull, record, text } from '../../api/shape.ts';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  /** `area:read` or `area:act`. */
  readonly scopes: readonly string[];
  /** UTC µs, decimal. */
  readonly expiresAtUs: string;
  readonly lastUsedAtUs: string | null;
}

export interface Tokens {
  readonly tokens: readonly ApiToken[];
  /** Every scope there is. */
  readonly scopes: readonly string[];
}

const token = record<ApiToken>({
  id: text,
  name: text,
  scopes: list(text),
  expiresAtUs: amount,
  lastUsedAtUs: orNull(amount),
});

export const tokens = {
  list: () =>
    fetchRoute('GET /api/account/tokens', record<Tokens>({ tokens: list(token), scopes: list(text) })),
  /** `days` 1 to 365. */
  make: (terms: { readonly name: string; readonly scopes: readonly string[]; readonly days: number }) =>
    sendRoute('POST /api/account/tokens', record<{ secret: string }>({ secret: text }), terms),
  revoke: (id: string) =>
    fetchRoute('DELETE /api/account/tokens/:token', record<object>({}), { params: { token: id } }),
};
