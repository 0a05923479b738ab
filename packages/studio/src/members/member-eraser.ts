import type { AccountDesk, SignedIn } from '@jamnet/accounts';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { Economy } from '@jamnet/economy';
import { type Database, scrubbed } from '@jamnet/sql';
import type { ActLog } from '../acts/act-log.ts';
import type { LabelBook } from '../composition/label-book.ts';
import type { KeyedAnswers } from '../http/idempotency/keyed-answers.ts';
import type { NodeDesk } from '../mesh/operator/node-desk.ts';
import type { PairingDesk } from '../mesh/pairing/pairing-desk.ts';
import type { TakePlayers } from '../music/take-players.ts';
import type { CashDesk } from '../payouts/cash-desk.ts';
import type { TrainingDesk } from '../training/training-desk.ts';

export interface EraserParts {
  readonly accounts: AccountDesk;
  readonly acts: ActLog;
  readonly cash: CashDesk;
  readonly economy: Economy;
  readonly labels: LabelBook;
  readonly pairing: Pick<PairingDesk, 'release'>;
  readonly meshDesk: { readonly nodes: Pick<NodeDesk, 'judge'> };
  readonly modelValue: { readonly players: Pick<TakePlayers, 'ofPayee'> };
  readonly training: Pick<TrainingDesk, 'revoke'>;
  readonly keyed: Pick<KeyedAnswers, 'forgetMember'>;
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

  async look(member: SignedIn): Promise<Erasure> {
    return this.#see(member, await this.#parts.cash.payouts.isUnderWay(member.payee));
  }

  /** Looking and erasing are one step: no payment comes between them. */
  async erase(member: SignedIn, said: Confirmation): Promise<Result<null, EraseCode>> {
    const { payouts } = this.#parts.cash;
    const refused = refusalOf(member, said, await this.look(member));
    if (refused !== null) return refused;
    // What hosts were sent is looked at before it goes, which takes its time: no payment waits for that.
    await this.#takeConsentBack(member.payee);
    const done = await payouts.whileStill(member.payee, (isPaidNow) =>
      this.#eraseAsSeen(member, said, isPaidNow),
    );
    // Another process speaks with the banks for longer than one waits.
    return done.ok ? done.value : refuse('payout-under-way', SENTENCES['payout-under-way']);
  }

  async #see({ memberId, payee }: SignedIn, isPaidNow: boolean): Promise<Erasure> {
    const { accounts, economy, nowUs } = this.#parts;
    const { balanceMicroJam, escrowMicroJam } = await economy.walletHead(nowUs(), payee);
    const wishes = await economy.redemptions(nowUs(), payee);
    return {
      balanceMicroJam: String(balanceMicroJam + escrowMicroJam),
      payableCents: String(await economy.payableCents(payee)),
      inTheWay: [
        ...(isPaidNow ? (['payout-under-way'] as const) : []),
        ...(wishes.some(({ status }) => OPEN.has(status)) ? (['redemption-open'] as const) : []),
        ...((await accounts.isLastOperator(memberId)) ? (['last-operator'] as const) : []),
      ],
    };
  }

  async #eraseAsSeen(
    member: SignedIn,
    said: Confirmation,
    isPaidNow: boolean,
  ): Promise<Result<null, EraseCode>> {
    const refused = refusalOf(member, said, await this.#see(member, isPaidNow));
    if (refused !== null) return refused;
    const act = await this.#begin(member);
    const removed = await scrubbed(this.#parts.database, () => this.#remove(member));
    await this.#parts.acts.end(act, removed.ok ? 200 : 409);
    if (removed.ok) return ok(null);
    return removed.code === 'last-operator'
      ? refuse('last-operator', SENTENCES['last-operator'])
      : refuse('member-unknown', removed.message);
  }

  /** Where money would go first, the account last: whoever was interrupted can still ask again. */
  async #remove({ memberId, payee }: SignedIn): ReturnType<AccountDesk['remove']> {
    const { accounts, cash, economy, labels, pairing, meshDesk, keyed, nowUs } = this.#parts;
    const erased = await cash.payees.erase(payee);
    if (!erased.ok) throw new Error(erased.message);
    await economy.reports.withdrawName(nowUs(), payee);
    labels.forget(payee);
    // Those that work now are told, and stop; what they hold as pay is settled like anybody's. One that never came is none.
    for (const node of await pairing.release({ ownerGroup: memberId, payee }))
      await meshDesk.nodes.judge('ban', node, 'Its owner has erased their account.');
    const removed = await accounts.remove(memberId);
    if (removed.ok) await keyed.forgetMember(memberId);
    return removed;
  }

  /** No later model learns from what they played; the takes themselves are their rooms'. */
  async #takeConsentBack(payee: string): Promise<void> {
    const { modelValue, training } = this.#parts;
    for (const { take, player } of await modelValue.players.ofPayee(payee)) {
      const revoked = await training.revoke(take, player);
      if (!revoked.ok) throw new Failure(revoked.code, revoked.message);
    }
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
}

/** Why nobody is erased now: something must end first, or what is given up is not what was shown. */
function refusalOf(
  { name }: SignedIn,
  said: Confirmation,
  { balanceMicroJam, payableCents, inTheWay }: Erasure,
): Result<never, EraseCode> | null {
  const [first] = inTheWay;
  if (first !== undefined) return refuse(first, SENTENCES[first]);
  const isMeant =
    said.name === name && said.balanceMicroJam === balanceMicroJam && said.payableCents === payableCents;
  if (isMeant) return null;
  return refuse(
    'erasure-unconfirmed',
    'Write your name as it stands in your account. If what you would give up has changed meanwhile, look at it again.',
  );
}
