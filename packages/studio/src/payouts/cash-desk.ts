import { DEFAULT_PAYOUT_RULES, openPayeeFiles, type PayeeFiles, type PayoutRules } from '@jamnet/economy';
import { openedOnce } from './opened-once.ts';
import { type PayeeDesk, payeeDesk } from './payee-desk.ts';
import { type PayoutDesk, type PayoutDeskParts, payoutDesk } from './payout-desk.ts';

export interface CashDesk {
  readonly payees: PayeeDesk;
  readonly payouts: PayoutDesk;
}

/** Payees and payouts over one studio; their tables are made at the first use. */
export function cashDesk(
  parts: Omit<PayoutDeskParts, 'files'> & { readonly payeeKey: Uint8Array },
): CashDesk {
  const files: () => Promise<PayeeFiles> = openedOnce(() =>
    openPayeeFiles(parts.database, { id: 'studio-1', bytes: parts.payeeKey }),
  );
  const rules = async (): Promise<PayoutRules> =>
    (await parts.economy.policy())?.policy.payouts ?? DEFAULT_PAYOUT_RULES;
  return {
    payees: payeeDesk({ files, rules, nowUs: parts.nowUs }),
    payouts: payoutDesk({ ...parts, files }),
  };
}
