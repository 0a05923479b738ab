import { ok, type Result, refuse } from '@jamnet/base';
import { DAY_US } from '../records/calendar.ts';

/** What must be known of a payee before cash may leave. */
export const PAYEE_CHECKS = ['identity', 'taxForm', 'sanctions', 'bank'] as const;
export type PayeeCheck = (typeof PAYEE_CHECKS)[number];

/** `missing` → `submitted` → `verified` | `rejected`; submitting again starts over, also from `verified`. */
export type CheckState = 'missing' | 'submitted' | 'verified' | 'rejected';

/** What the bank said about the name on the account (verification of payee, in force for SEPA since October 2025). */
export type NameCheck = 'match' | 'close-match' | 'no-match' | 'not-possible';

export interface CheckRecord {
  readonly state: CheckState;
  /** Salted commitment to what was looked at, hex SHA-256; `null` while there is nothing. */
  readonly evidence: string | null;
  readonly atUs: bigint;
}

export interface Hold {
  readonly id: string;
  readonly reason: string;
  readonly sinceUs: bigint;
}

/** Of one payee. Holds no personal data: that lies beside it, encrypted. */
export interface PayeeFile {
  readonly payee: string;
  readonly checks: Readonly<Record<PayeeCheck, CheckRecord>>;
  readonly nameCheck: NameCheck | null;
  readonly holds: readonly Hold[];
}

export type PayeeFileEvent =
  | { readonly type: 'submitted'; readonly check: PayeeCheck; readonly evidence: string }
  | {
      readonly type: 'verified';
      readonly check: PayeeCheck;
      readonly evidence: string;
      readonly nameCheck?: NameCheck;
    }
  | { readonly type: 'rejected'; readonly check: PayeeCheck; readonly evidence: string }
  | { readonly type: 'held'; readonly id: string; readonly reason: string }
  | { readonly type: 'released'; readonly id: string }
  | { readonly type: 'erased' };

export type PayeeFileCode =
  | 'payee-event-malformed'
  | 'nothing-submitted'
  | 'evidence-differs'
  | 'too-many-holds'
  | 'unknown-hold'
  | 'payee-incomplete'
  | 'payee-held'
  | 'check-expired'
  | 'name-differs'
  | 'bank-detail-too-new';

export const HOLDS_MAX = 16;

/** Days until a check must be done again: lists of sanctions change daily; a W-8 lasts about three years. */
const VALID_DAYS: Readonly<Record<PayeeCheck, bigint>> = {
  identity: 3_650n,
  taxForm: 1_095n,
  sanctions: 1n,
  bank: 3_650n,
};

export function newPayeeFile(payee: string): PayeeFile {
  const missing: CheckRecord = { state: 'missing', evidence: null, atUs: 0n };
  return {
    payee,
    checks: { identity: missing, taxForm: missing, sanctions: missing, bank: missing },
    nameCheck: null,
    holds: [],
  };
}

export function payeeFileAfter(
  file: PayeeFile,
  event: PayeeFileEvent,
  nowUs: bigint,
): Result<PayeeFile, PayeeFileCode> {
  switch (event.type) {
    case 'submitted':
    case 'verified':
    case 'rejected':
      return checked(file, event, nowUs);
    case 'held':
      return held(file, event, nowUs);
    case 'released':
      return file.holds.some(({ id }) => id === event.id)
        ? ok({ ...file, holds: file.holds.filter(({ id }) => id !== event.id) })
        : refuse('unknown-hold', `There is no hold ${event.id}.`);
    case 'erased':
      return ok({ ...newPayeeFile(file.payee), holds: file.holds });
  }
}

type Checked = Extract<PayeeFileEvent, { evidence: string }>;

function checked(file: PayeeFile, event: Checked, nowUs: bigint): Result<PayeeFile, PayeeFileCode> {
  const { type, check, evidence } = event;
  if (!/^[0-9a-f]{64}$/.test(evidence))
    return refuse(
      'payee-event-malformed',
      'evidence is a hex SHA-256: name what was looked at where the payee handed nothing in.',
    );
  const before = file.checks[check];
  const set = (record: CheckRecord, nameCheck = file.nameCheck): Result<PayeeFile, PayeeFileCode> =>
    ok({ ...file, nameCheck, checks: { ...file.checks, [check]: record } });
  if (type === 'submitted') {
    // The same again is no change; else a repeated form would start the wait anew.
    if (before.evidence === evidence && before.state !== 'rejected') return ok(file);
    return set({ state: 'submitted', evidence, atUs: nowUs }, check === 'bank' ? null : file.nameCheck);
  }
  // Sanctions are looked up by the studio: nobody submits them.
  if (check !== 'sanctions' && before.state === 'missing')
    return refuse('nothing-submitted', `There is no ${check} to judge.`);
  if ((check === 'bank' || check === 'taxForm') && before.evidence !== evidence)
    return refuse('evidence-differs', `The ${check} changed after it was looked at: look again.`);
  const nameCheck =
    event.type === 'verified' && check === 'bank' ? (event.nameCheck ?? 'not-possible') : file.nameCheck;
  const atUs = check === 'bank' ? before.atUs : nowUs;
  return set({ state: type, evidence, atUs }, nameCheck);
}

function held(
  file: PayeeFile,
  { id, reason }: { id: string; reason: string },
  nowUs: bigint,
): Result<PayeeFile, PayeeFileCode> {
  if (!/^[a-z0-9-]{1,64}$/.test(id) || reason === '' || reason.length > 256)
    return refuse('payee-event-malformed', 'A hold has an id of small letters, digits and - and a reason.');
  if (file.holds.some((hold) => hold.id === id)) return ok(file);
  if (file.holds.length >= HOLDS_MAX)
    return refuse('too-many-holds', `A payee has at most ${HOLDS_MAX} holds.`);
  return ok({ ...file, holds: [...file.holds, { id, reason, sinceUs: nowUs }] });
}

/** What of the policy decides whether a payee is paid. */
export interface PaymentTerms {
  /** Days that new bank details rest. */
  readonly bankDetailRestDays: number;
  /** Tax was kept back for want of a form: then none is asked for. */
  readonly taxWithheld: boolean;
}

/** Whether cash may go to this payee now; the first reason why not, in words for its owner. */
export function mayBePaid(
  file: PayeeFile,
  nowUs: bigint,
  { bankDetailRestDays, taxWithheld }: PaymentTerms,
): Result<null, PayeeFileCode> {
  const [hold] = file.holds;
  if (hold) return refuse('payee-held', `Payouts are on hold: ${hold.reason}`);
  for (const check of PAYEE_CHECKS) {
    if (check === 'taxForm' && taxWithheld) continue;
    const { state } = file.checks[check];
    if (state !== 'verified') return refuse('payee-incomplete', `${NAMES[check]} is ${WORDS[state]}.`);
    if (hasExpired(file, check, nowUs)) return refuse('check-expired', `${NAMES[check]} must be renewed.`);
  }
  if (file.nameCheck === 'no-match')
    return refuse('name-differs', 'The bank says that the account has another name.');
  if (nowUs < file.checks.bank.atUs + BigInt(bankDetailRestDays) * DAY_US)
    return refuse(
      'bank-detail-too-new',
      `The bank details changed less than ${bankDetailRestDays} days ago.`,
    );
  return ok(null);
}

/** Whether a check is done and still good. */
export function isVerified(file: PayeeFile, check: PayeeCheck, nowUs: bigint): boolean {
  return file.checks[check].state === 'verified' && !hasExpired(file, check, nowUs);
}

function hasExpired(file: PayeeFile, check: PayeeCheck, nowUs: bigint): boolean {
  return nowUs >= file.checks[check].atUs + VALID_DAYS[check] * DAY_US;
}

const NAMES: Readonly<Record<PayeeCheck, string>> = {
  identity: 'The identity check',
  taxForm: 'The tax form',
  sanctions: 'The sanctions check',
  bank: 'The bank account',
};
const WORDS: Readonly<Record<CheckState, string>> = {
  missing: 'missing',
  submitted: 'being checked',
  verified: 'done',
  rejected: 'rejected: hand it in again',
};
