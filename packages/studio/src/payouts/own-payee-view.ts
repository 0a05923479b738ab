import {
  mayBePaid,
  PAYEE_CHECKS,
  type PayeeExport,
  type PayeeFileCode,
  type PayoutRules,
} from '@jamnet/economy';

/** What a payee sees of the own file without opening it: how far each check is, what is in the way, which account it is about. */
export interface OwnPayeeView {
  readonly checks: readonly {
    readonly check: (typeof PAYEE_CHECKS)[number];
    readonly state: 'missing' | 'submitted' | 'verified' | 'rejected';
    /** Since when, UTC µs; 0 while it is missing. */
    readonly atUs: bigint;
  }[];
  /** Why payments wait, by the operator or a bank. */
  readonly holds: readonly { readonly reason: string; readonly sinceUs: bigint }[];
  /** The first thing in the way of a payment; null when nothing is. */
  readonly code: PayeeFileCode | null;
  /** Until when new bank details rest; null when they do not. */
  readonly restsUntilUs: bigint | null;
  readonly account: {
    readonly kind: 'iban' | 'us' | 'stripe';
    readonly name: string;
    /** The last characters of the number, enough to know it by. */
    readonly ending: string;
  } | null;
}

const DAY_US = 86_400_000_000n;
/** As receipts print card and account numbers. */
const ENDING_LENGTH = 4;

export function ownPayeeView(
  { file, personal: { destination } }: PayeeExport,
  { bankDetailRestDays, withoutTaxForm }: PayoutRules,
  nowUs: bigint,
): OwnPayeeView {
  const may = mayBePaid(file, nowUs, { bankDetailRestDays, taxWithheld: withoutTaxForm === 'withhold' });
  const restsUntilUs = file.checks.bank.atUs + BigInt(bankDetailRestDays) * DAY_US;
  return {
    checks: PAYEE_CHECKS.map((check) => ({
      check,
      state: file.checks[check].state,
      atUs: file.checks[check].atUs,
    })),
    holds: file.holds.map(({ reason, sinceUs }) => ({ reason, sinceUs })),
    code: may.ok ? null : may.code,
    restsUntilUs: destination !== null && restsUntilUs > nowUs ? restsUntilUs : null,
    account: destination && {
      kind: destination.account.kind,
      name: destination.name,
      ending: numberOf(destination.account).replaceAll(' ', '').slice(-ENDING_LENGTH),
    },
  };
}

type Account = NonNullable<PayeeExport['personal']['destination']>['account'];

function numberOf(account: Account): string {
  if (account.kind === 'iban') return account.iban;
  return account.kind === 'us' ? account.accountNumber : account.accountId;
}
