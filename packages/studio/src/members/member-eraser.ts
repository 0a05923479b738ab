import type { AccountDesk, SignedIn } from '@jamnet/accounts';
import { ok, type Result, refuse } from '@jamnet/base';
import type { Economy } from '@jamnet/economy';
import type { Database } from '@jamnet/sql';
import type { ActLog } from '../acts/act-log.ts';
import type { LabelBook } from '../composition/label-book.ts';
import type { CashDesk } from '../payouts/cash-desk.ts';
import { scrubbed } from './scrubbed.ts';

export interface EraserParts {
  readonly accounts: AccountDesk;
  readonly acts: ActLog;
  readonly cash: CashDesk;
  readonly economy: Economy;
  readonly labels: LabelBook;
  readonly database: Database;
  readonly nowUs: () => bigint;
}

/** What somebody would leave behind, and what must end first. Amounts are decimal. */
export interface Erasure {
  readonly balanceMicroJam: string;
  /** Money that is owed and was not sent. */
  readonly payableCents: string;
  readonly inTheWay: readonly ('payout-under-way' | 'redemption-open' | 'last-operator')[];
}

export type EraseCode = Erasure['inTheWay'][number] | 'erasure-unconfirmed' | 'member-unknown';

/** What a member says to be erased: their name, and what they give up, as it was shown to them. */
export type Confirmation = Pick<Erasure, 'balanceMicroJam' | 'payableCents'> & { readonly name: string };

/** A payment in one of these may still reach the bank under the payee's details. */
const UNDER_WAY: ReadonlySet<string> = new Set(['reserving', 'reserved', 'submitted', 'unknown']);
const OPEN: ReadonlySet<string> = new Set(['waiting-for-price', 'suspended', 'partly-paid']);
const SENTENCES: Readonly<Record<Erasure['inTheWay'][number], string>> = {
  'payout-under-way':
    'A payment to you is under way: wait until it is settled or has come back, then ask again.',
  'redemption-open':
    'You have asked for money that is not paid yet: take that back, or wait until it is paid.',
  'last-operator': 'You are the only operator: make another member operator first.',
};

/**
 * Erases a person, not their books: sign-ins, keys, tokens, codes and name, bank details and all they handed in as payee, the name
 * they agreed to be shown under. What was earned stays on record under the payee's pseudonym, which then belongs to nobody who is
 * known. It is done at once: to keep everything for some weeks in case of a mistake would be to go on keeping it.
 */
export class MemberEraser {
  readonly #parts: EraserParts;

  constructor(parts: EraserParts) {
    this.#parts = parts;
  }

  async look({ memberId, payee }: SignedIn): Promise<Erasure> {
    const { accounts, economy, nowUs } = this.#parts;
    const { balanceMicroJam, escrowMicroJam } = await economy.wallet(nowUs(), payee);
    const wishes = await economy.redemptions(nowUs(), payee);
    return {
      balanceMicroJam: String(balanceMicroJam + escrowMicroJam),
      payableCents: String(await economy.payableCents(payee)),
      inTheWay: [
        ...((await this.#isPaidNow(payee)) ? (['payout-under-way'] as const) : []),
        ...(wishes.some(({ status }) => OPEN.has(status)) ? (['redemption-open'] as const) : []),
        ...((await accounts.isLastOperator(memberId)) ? (['last-operator'] as const) : []),
      ],
    };
  }

  /** The account goes last: whoever was interrupted can still ask again. */
  async erase(member: SignedIn, said: Confirmation): Promise<Result<null, EraseCode>> {
    const { accounts, cash, economy, labels, database, nowUs } = this.#parts;
    const { balanceMicroJam, payableCents, inTheWay } = await this.look(member);
    const [first] = inTheWay;
    if (first !== undefined) return refuse(first, SENTENCES[first]);
    const isMeant =
      said.name === member.name &&
      said.balanceMicroJam === balanceMicroJam &&
      said.payableCents === payableCents;
    if (!isMeant)
      return refuse(
        'erasure-unconfirmed',
        'Write your name as it stands in your account. If what you would give up has changed meanwhile, look at it again.',
      );
    const act = await this.#begin(member);
    const removed = await scrubbed(database, async () => {
      const erased = await cash.payees.erase(member.payee);
      if (!erased.ok) throw new Error(erased.message);
      await economy.reports.withdrawName(nowUs(), member.payee);
      labels.forget(member.payee);
      return accounts.remove(member.memberId);
    });
    await this.#parts.acts.end(act, removed.ok ? 200 : 409);
    if (removed.ok) return ok(null);
    return removed.code === 'last-operator'
      ? refuse('last-operator', SENTENCES['last-operator'])
      : refuse('member-unknown', removed.message);
  }

  /** On the trail that an account erased itself; its id is chance and names nobody. */
  #begin({ memberId, role }: SignedIn): Promise<bigint> {
    return this.#parts.acts.begin({
      actor: memberId,
      role,
      method: 'POST',
      route: '/api/account/erase',
      parameters: {},
      // What was sent has the name in it: even its hash could be guessed.
      bodySha256: '',
    });
  }

  async #isPaidNow(payee: string): Promise<boolean> {
    for (let after: string | null = null; ; ) {
      const page = await this.#parts.cash.payouts.ofPayee(payee, { after, limit: 200 });
      // A process that cannot tell (its settings are wrong, or another one has the files) must not let go of bank details.
      if (!page.ok) return page.code !== 'payouts-not-set-up';
      // Its own desk made it: payments by state, and where the next page begins.
      const { payouts, next } = page.value as { payouts: { state: string }[]; next: string | null };
      if (payouts.some(({ state }) => UNDER_WAY.has(state))) return true;
      if (next === null) return false;
      after = next;
    }
  }
}
