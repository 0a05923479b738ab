import { ok, type Result, refuse } from '@jamnet/base';
import {
  isPayee,
  mayBePaid,
  type NameCheck,
  type PayeeCheck,
  type PayeeFile,
  type PayeeFiles,
  type PayoutRules,
} from '@jamnet/economy';
import { type PageRequest, pageOf } from '../paging/page.ts';
import { ownPayeeView } from './own-payee-view.ts';

export interface JudgeRequest {
  readonly check: PayeeCheck;
  readonly verdict: 'verified' | 'rejected';
  /** What was looked at; without it, what the payee has handed in. */
  readonly evidence?: string;
  readonly nameCheck?: NameCheck;
}

/** Files of payees, as the operator's commands and the HTTP routes use them. */
export interface PayeeDesk {
  /** As {@link show}, of everybody who has a file, by name. */
  list(page: PageRequest): Promise<Result<unknown>>;
  /** Checks, holds and whether he may be paid; no personal data. */
  show(payee: string): Promise<Result<unknown>>;
  set(payee: string, document: unknown): Promise<Result<unknown>>;
  check(payee: string, request: JudgeRequest): Promise<Result<unknown>>;
  hold(payee: string, request: { id: string; reason: string }): Promise<Result<unknown>>;
  release(payee: string, request: { id: string }): Promise<Result<unknown>>;
  /** All that is kept about him, personal data included. */
  export(payee: string): Promise<Result<unknown>>;
  erase(payee: string): Promise<Result<unknown>>;
  /** What stands in the way of a payee's payments, for the payee: no evidence, and of the account its end only. */
  own(payee: string): Promise<Result<unknown>>;
}

const FREE = { code: null, why: null };
const MALFORMED = refuse('payee-malformed', 'A payee is p and 32 lower-case hex digits.');

export function payeeDesk(options: {
  files: () => Promise<PayeeFiles>;
  rules: () => Promise<PayoutRules>;
  nowUs: () => bigint;
}): PayeeDesk {
  const { files, nowUs } = options;
  const view = async (file: PayeeFile) => {
    const { bankDetailRestDays } = await options.rules();
    const may = mayBePaid(file, nowUs(), { bankDetailRestDays, taxWithheld: false });
    return { ...file, mayBePaid: may.ok, ...(may.ok ? FREE : { code: may.code, why: may.message }) };
  };
  const viewed = async (answer: Result<PayeeFile>): Promise<Result<unknown>> =>
    answer.ok ? ok(await view(answer.value)) : answer;
  return {
    async list({ after, limit }) {
      const found = await (await files()).files(after ?? '', limit + 1);
      const { rows, next } = pageOf(found, limit, ({ payee }) => payee);
      return ok({ payees: await Promise.all(rows.map(view)), next });
    },
    show: async (payee) => (isPayee(payee) ? viewed(ok(await (await files()).file(payee))) : MALFORMED),
    set: async (payee, document) => viewed(await (await files()).hand(nowUs(), payee, document)),
    async check(payee, { check, verdict, evidence, nameCheck }) {
      const store = await files();
      const looked = evidence ?? (await store.file(payee)).checks[check].evidence ?? '';
      const event =
        verdict === 'rejected'
          ? ({ type: 'rejected', check, evidence: looked } as const)
          : ({ type: 'verified', check, evidence: looked, ...(nameCheck ? { nameCheck } : {}) } as const);
      return viewed(await store.apply(nowUs(), payee, event));
    },
    hold: async (payee, { id, reason }) =>
      viewed(await (await files()).apply(nowUs(), payee, { type: 'held', id, reason })),
    release: async (payee, { id }) =>
      viewed(await (await files()).apply(nowUs(), payee, { type: 'released', id })),
    export: async (payee) => (isPayee(payee) ? ok(await (await files()).export(payee)) : MALFORMED),
    erase: async (payee) => viewed(await (await files()).erase(nowUs(), payee)),
    async own(payee) {
      const [kept, rules] = [await (await files()).export(payee), await options.rules()];
      return ok(ownPayeeView(kept, rules, nowUs()));
    },
  };
}
