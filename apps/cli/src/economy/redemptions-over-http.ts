import type { RedemptionDesk } from '@jamnet/studio';
import type { Ask } from './desk-over-http.ts';

/** What the operator asks of redemptions; a payee asks in a browser. */
export type OperatorRedemptions = Omit<RedemptionDesk, 'own'>;

/** Redemptions of a studio that runs. */
export function redemptionsOverHttp(ask: Ask): OperatorRedemptions {
  return {
    list: (payee) => ask('GET', `/api/redemptions${payee === undefined ? '' : `?payee=${payee}`}`),
    cancel: ({ id, payee }) => ask('POST', `/api/redemptions/${encodeURIComponent(id)}/cancel`, { payee }),
    run: () => ask('POST', '/api/redemptions/run', {}),
    explain: (payee) => ask('GET', `/api/wallets/${encodeURIComponent(payee)}/explained`),
    announceLiquidity: ({ price, datedAtUs, ...event }) =>
      ask('POST', '/api/liquidity', {
        ...event,
        priceCents: price.cents.toString(),
        priceUnits: price.units.toString(),
        datedAtUs: datedAtUs.toString(),
      }),
    convertLiquidity: (id) => ask('POST', '/api/liquidity/convert', { id }),
  };
}
