import { Failure, ok, oneAfterAnother, type Result, refuse } from '@jamnet/base';
import {
  type AppliedAnswer,
  DEFAULT_PAYOUT_RULES,
  type Economy,
  openPayouts,
  type PayeeFiles,
  type PayoutFilter,
  type PayoutRequest,
  type PayoutRules,
  type Payouts,
  type PayoutView,
  type RailSetup,
  readBankAnswer,
  readStripePayoutEvent,
} from '@jamnet/economy';
import type { Ledger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { type PageRequest, pageOf } from '../paging/page.ts';
import { rowCursor, rowsAfter } from '../paging/row-cursor.ts';
import { bankFile } from './bank-file.ts';
import { keepAnswer } from './kept-answers.ts';
import { openedOnce } from './opened-once.ts';
import { type PlannedPayout, planPayout } from './payout-plan.ts';
import { bankFolders, connectWebhookSecret, readRails } from './payout-settings.ts';

export interface PayoutDeskParts {
  readonly dataDirectory: string;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly economy: Economy;
  readonly files: () => Promise<PayeeFiles>;
  readonly nowUs: () => bigint;
  readonly publishBooks: () => Promise<void>;
  /** The rails; from the data directory's settings unless a test brings its own. */
  readonly rails?: () => Result<readonly RailSetup[]>;
}

/** What is to go over one rail. */
export interface PlannedBatch {
  readonly rail: string;
  readonly currency: string;
  readonly payees: number;
  readonly grossCents: bigint;
  readonly withheldCents: bigint;
  readonly feeCents: bigint;
  /** In the rail's currency: what the bank will be told. */
  readonly amountCents: bigint;
}

export interface PayoutPlan {
  readonly batches: readonly PlannedBatch[];
  readonly payouts: readonly PlannedPayout[];
  /** Payouts that are debited already and wait to go. */
  readonly reserved: readonly PayoutView[];
}

/** Cash out, as the operator's commands and the HTTP routes use it. */
export interface PayoutDesk {
  prepare(): Promise<Result<unknown>>;
  send(): Promise<Result<unknown>>;
  /** A bank's answer, as text. */
  read(text: string): Promise<Result<unknown>>;
  /** A batch's file for the bank, with the names and accounts of all it pays. */
  file(batchId: string): Promise<Result<unknown>>;
  /** Totals of all, and one page of them, the newest first. */
  status(filter: Omit<PayoutFilter, 'page'>, page: PageRequest): Promise<Result<unknown>>;
  /** One page of a payee's own, the newest first. */
  ofPayee(payee: string, page: PageRequest): Promise<Result<unknown>>;
  /** Whether a payment to the payee may still reach the bank; also where that cannot be told. */
  isUnderWay(payee: string): Promise<boolean>;
  /** Does `work` while no payment to the payee can begin or be handed over; told whether one is under way. */
  whileStill<T>(payee: string, work: (isUnderWay: boolean) => Promise<T>): Promise<Result<T>>;
  /** Asks the rails about everything that is open; sends nothing. */
  ask(): Promise<Result<unknown>>;
  /** An event of Stripe's, over the bytes that came. */
  event(body: Uint8Array, signature: string): Promise<Result<unknown>>;
}

export function payoutDesk(parts: PayoutDeskParts): PayoutDesk {
  const opened = openOnce(parts);
  const inTurn = oneAfterAnother();
  const started = async (): Promise<Result<Opened>> => opened();
  const planned = async ({ payouts, rails }: Opened): Promise<PayoutPlan> => {
    const nowUs = parts.nowUs();
    const plan = { files: await parts.files(), payouts, rails, rules: (await rulesNow(parts.economy)).rules };
    const lines: PlannedPayout[] = [];
    for await (const { payee, cents } of payable(parts.ledger))
      lines.push(await planPayout(plan, nowUs, payee, cents));
    return {
      batches: batchesOf(lines, rails),
      payouts: lines,
      reserved: await payouts.payouts({ state: 'reserved' }),
    };
  };
  const told = async <T>(value: T): Promise<Result<T>> => {
    await parts.publishBooks();
    return ok(value);
  };
  const within = <T>(work: (at: Opened) => Promise<Result<T>>): Promise<Result<T>> =>
    inTurn(async () => {
      const at = await started();
      return at.ok ? work(at.value).catch(refuseBusy) : at;
    });
  return {
    prepare: () => within(async (at) => ok(await planned(at))),
    send: () =>
      within(async (at) => {
        const { payouts: lines } = await planned(at);
        const asked = await requestAll(parts, at.payouts, lines);
        const { batches, waiting } = await at.payouts.run(parts.nowUs());
        const held = lines.filter((line) => line.held !== null);
        return told({ requested: asked.requested, refused: asked.refused, batches, waiting, held });
      }),
    read: (text) =>
      within(async (at) => {
        const answer = readBankAnswer(text);
        if (!answer.ok) return answer;
        const kept = keepAnswer(inboxesOf(parts.dataDirectory, at.rails), answer.value.kind, text);
        if (!kept.ok) return kept;
        const applied = await at.payouts.answer(parts.nowUs(), answer.value);
        await holdChanged(await parts.files(), parts.nowUs(), applied);
        return told({ kind: answer.value.kind, ...applied });
      }),
    file: (batchId) => within(({ rails }) => bankFile(rails, batchId)),
    status: (filter, page) =>
      within(async ({ payouts }) => {
        const found = await pageOfPayouts(payouts, filter, page);
        return found.ok ? ok({ totals: await payouts.totals(), ...found.value }) : found;
      }),
    ofPayee: (payee, page) =>
      within(async ({ payouts }) => {
        const found = await pageOfPayouts(payouts, { payee }, page);
        return found.ok ? ok({ payouts: found.value.payouts.map(ownView), next: found.value.next }) : found;
      }),
    isUnderWay: (payee) =>
      inTurn(async () => {
        const at = await started();
        return at.ok ? at.value.payouts.isUnderWay(payee) : isUntold(at);
      }),
    whileStill: (payee, work) =>
      inTurn(async () => {
        const at = await started();
        if (!at.ok) return ok(await work(isUntold(at)));
        return at.value.payouts.whileStill(payee, work).then(ok, refuseBusy);
      }),
    ask: () =>
      within(async ({ payouts }) => {
        await payouts.ask(parts.nowUs());
        return told({ totals: await payouts.totals() });
      }),
    event: (body, signature) =>
      within(async ({ payouts }) => {
        const secret = connectWebhookSecret(parts.dataDirectory);
        if (secret === null)
          return refuse('webhook-not-set-up', 'Put the secret of the Connect webhook into keys/ first.');
        const named = readStripePayoutEvent(Buffer.from(body), signature, secret, parts.nowUs());
        if (!named.ok) return named;
        const odd = await payouts.hint(parts.nowUs(), named.value);
        return told({ payouts: named.value, odd });
      }),
  };
}

/** A studio without rails pays nobody; one that cannot tell (its settings are wrong, another process has the files) may be paying. */
function isUntold({ code }: { readonly code: string }): boolean {
  return code !== 'payouts-not-set-up';
}

/** Another process has been at payouts for so long that this one gave up. */
function refuseBusy(cause: unknown): Result<never> {
  if (cause instanceof Failure && cause.code === 'another-process-leads')
    return refuse(cause.code, cause.message);
  throw cause;
}

async function pageOfPayouts(payouts: Payouts, filter: PayoutFilter, page: PageRequest) {
  const asked = rowsAfter(page);
  if (!asked.ok) return asked;
  const found = await payouts.payouts({ ...filter, page: asked.value });
  const { rows, next } = pageOf(found, page.limit, ({ requestedAtUs, id }) =>
    rowCursor({ atUs: requestedAtUs, id }),
  );
  return ok({ payouts: rows, next });
}

/** Batches and attempts are between studio and bank. */
function ownView({ id, rail, usdCents, withheldCents, feeCents, state, reason, ...at }: PayoutView) {
  const { requestedAtUs, settledAtUs } = at;
  return { id, rail, usdCents, withheldCents, feeCents, state, reason, requestedAtUs, settledAtUs };
}

interface Opened {
  readonly payouts: Payouts;
  readonly rails: readonly RailSetup[];
}

/** One store of payouts over whatever rails the settings name now. */
function openOnce(parts: PayoutDeskParts): () => Promise<Result<Opened>> {
  let rails: readonly RailSetup[] = [];
  const opened: () => Promise<Payouts> = openedOnce(() =>
    openPayouts(parts.database, parts.ledger, {
      get rails() {
        return rails;
      },
      destinationOf: async (payee, nowUs, { taxWithheld }) => {
        const { bankDetailRestDays } = (await rulesNow(parts.economy)).rules;
        return (await parts.files()).destinationOf(payee, nowUs, { bankDetailRestDays, taxWithheld });
      },
      addReceipt: (nowUs, receipt) => parts.economy.addReceipt(nowUs, receipt),
    }),
  );
  return async () => {
    const read = (parts.rails ?? (() => readRails(parts.dataDirectory)))();
    if (!read.ok) return read;
    rails = read.value;
    return ok({ payouts: await opened(), rails });
  };
}

async function rulesNow(economy: Economy): Promise<{ rules: PayoutRules; sha256: string | undefined }> {
  const published = await economy.policy();
  return { rules: published?.policy.payouts ?? DEFAULT_PAYOUT_RULES, sha256: published?.sha256 };
}

/** Everybody to whom cash is payable, by account. */
async function* payable(ledger: Ledger): AsyncGenerator<{ payee: string; cents: bigint }> {
  let after: string | undefined;
  for (;;) {
    const accounts = await ledger.balances('payable:', after);
    for (const { code, balance } of accounts) {
      const payee = code.split(':')[1] ?? '';
      if (balance > 0n) yield { payee, cents: balance };
    }
    if (accounts.length === 0) return;
    after = accounts.at(-1)?.code;
  }
}

function batchesOf(lines: readonly PlannedPayout[], rails: readonly RailSetup[]): PlannedBatch[] {
  return rails.flatMap(({ rail }) => {
    const own = lines.filter((line) => line.rail === rail.name && line.held === null);
    const sum = (of: (line: PlannedPayout) => bigint): bigint =>
      own.reduce((total, line) => total + of(line), 0n);
    if (own.length === 0) return [];
    return {
      rail: rail.name,
      currency: rail.currency,
      payees: own.length,
      grossCents: sum(({ quote }) => quote?.grossCents ?? 0n),
      withheldCents: sum(({ quote }) => quote?.withheldCents ?? 0n),
      feeCents: sum(({ quote }) => quote?.feeCents ?? 0n),
      amountCents: sum(({ amountCents }) => amountCents ?? 0n),
    };
  });
}

/** Debits what was planned. The key names the payee's last payout, so that two senders at once debit once. */
async function requestAll(parts: PayoutDeskParts, payouts: Payouts, lines: readonly PlannedPayout[]) {
  const { rules, sha256 } = await rulesNow(parts.economy);
  const requests: PayoutRequest[] = [];
  for (const { payee, quote, rail, held } of lines) {
    if (held !== null || quote === null || rail === null) continue;
    const [last] = await payouts.payouts({ payee });
    requests.push({
      payee,
      rail,
      usdCents: quote.grossCents,
      withheldCents: quote.withheldCents,
      feeCents: quote.feeCents,
      key: `after:${last?.id ?? 'none'}`,
      ...(sha256 === undefined ? {} : { policySha256: sha256 }),
      ...(rules.dailyCentsMax === undefined ? {} : { dailyUsdCentsMax: BigInt(rules.dailyCentsMax) }),
    });
  }
  const answers = await payouts.requestAll(parts.nowUs(), requests);
  const refused = answers.flatMap((answer, index) =>
    answer.ok ? [] : [{ payee: requests[index]?.payee ?? '', code: answer.code, reason: answer.message }],
  );
  return { requested: answers.length - refused.length, refused };
}

/** Where the rails look when they are asked. */
function inboxesOf(dataDirectory: string, rails: readonly RailSetup[]): string[] {
  const banks = rails.map(({ rail }) => rail.name).filter((name) => name !== 'stripe');
  return banks.map((name) => bankFolders(dataDirectory, name).inbox);
}

/** A payee whose bank says that his details are others is not paid there again until they are corrected. */
async function holdChanged(files: PayeeFiles, nowUs: bigint, { changes }: AppliedAnswer): Promise<void> {
  for (const { payee, code, meaning } of changes) {
    const id = `bank-${code.toLowerCase()}`;
    await files.apply(nowUs, payee, { type: 'held', id, reason: `The bank says: ${meaning}.` });
  }
}
