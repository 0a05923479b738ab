import type { CashDesk } from '@jamnet/studio';
import type { Ask } from './desk-over-http.ts';
import { pageQuery } from './every-page.ts';

/** What the operator asks of the cash desk; signed events come to the studio alone, a payee asks in a browser, a bank's file lies on this machine. */
export interface OperatorCash {
  readonly payees: Omit<CashDesk['payees'], 'list' | 'own'>;
  readonly payouts: Pick<CashDesk['payouts'], 'prepare' | 'send' | 'read' | 'status' | 'ask'>;
}

/** Payees and payouts of a studio that runs. */
export function cashOverHttp(ask: Ask): OperatorCash {
  const of = (payee: string): string => `/api/payees/${encodeURIComponent(payee)}`;
  return {
    payees: {
      show: (payee) => ask('GET', of(payee)),
      set: (payee, document) => ask('POST', of(payee), document),
      check: (payee, request) => ask('POST', `${of(payee)}/checks`, request),
      hold: (payee, request) => ask('POST', `${of(payee)}/holds`, request),
      release: (payee, request) => ask('POST', `${of(payee)}/releases`, request),
      export: (payee) => ask('POST', `${of(payee)}/export`),
      erase: (payee) => ask('POST', `${of(payee)}/erase`),
    },
    payouts: {
      prepare: () => ask('GET', '/api/payouts/plan'),
      send: () => ask('POST', '/api/payouts/send'),
      // As text: a bank's file travels as it is.
      read: (text) => ask('POST', '/api/payouts/answers', text),
      status: (filter, page) =>
        ask('GET', `/api/payouts?${new URLSearchParams({ ...filter })}&${pageQuery(page)}`),
      ask: () => ask('POST', '/api/payouts/ask'),
    },
  };
}
