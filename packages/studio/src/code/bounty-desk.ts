import {
  type Bounty,
  type CommitDiff,
  describeCommit,
  isReason,
  payeeOfIdentity,
  REASON_LENGTH_MAX,
  readBounties,
  readIdentities,
  writeBounty,
} from '@jamnet/attribution';
import { ok, oneAfterAnother, type Result, refuse } from '@jamnet/base';
import { type Economy, hashOf } from '@jamnet/economy';
import type { Ledger } from '@jamnet/ledger';
import type { Page, PageRequest } from '../paging/page.ts';
import { pageOfList } from '../paging/page-of-list.ts';
import { mirrorDirectory } from './mirrored-repositories.ts';

export interface BountyDeskParts {
  readonly dataDirectory: string;
  readonly economy: Economy;
  readonly ledger: Ledger;
  readonly nowUs: () => bigint;
  readonly publishBooks: () => Promise<void>;
}

/** A gated commit as curators see it. */
export interface BountyView extends Omit<Bounty, 'keys' | 'people'> {
  /** Statements that the gate held back, and their tokens. */
  readonly statements: number;
  /** Who would be paid. */
  readonly payees: readonly string[];
}

export interface BountyDecision {
  readonly id: string;
  readonly verdict: 'granted' | 'refused';
  readonly reason: string;
  /** Payee of the curator. */
  readonly curator: string;
}

/** Curators' judgement of commits that change no output: real maintenance gets the policy's fixed bounty, noise gets nothing. */
export class BountyDesk {
  readonly #parts: BountyDeskParts;
  readonly #inTurn = oneAfterAnother();

  constructor(parts: BountyDeskParts) {
    this.#parts = parts;
  }

  /** Oldest first; those alone that `isAsked` for. */
  page(
    request: PageRequest,
    isAsked: (bounty: BountyView) => boolean = () => true,
  ): Result<Page<BountyView>> {
    const queue = readBounties(this.#parts.dataDirectory);
    if (!queue.ok) return queue;
    const payeesOf = this.#payeesOf();
    if (!payeesOf.ok) return payeesOf;
    const views = queue.value.list().map((bounty) => viewOf(bounty, payeesOf.value));
    return pageOfList(views, request, ({ id }) => id, isAsked);
  }

  /** A bounty with the commit's size and difference, read from the mirror. */
  async show(id: string): Promise<Result<BountyView & { readonly change: CommitDiff }>> {
    const found = this.#find(id);
    if (!found.ok) return found;
    const payeesOf = this.#payeesOf();
    if (!payeesOf.ok) return payeesOf;
    const { repository, commit } = found.value;
    const change = await describeCommit(mirrorDirectory(this.#parts.dataDirectory, repository), commit);
    return change.ok ? ok({ ...viewOf(found.value, payeesOf.value), change: change.value }) : change;
  }

  /** Grants or refuses, once. The act is in the log before it counts; a granted bounty is paid with the next filing. */
  decide(decision: BountyDecision): Promise<Result<BountyView>> {
    // Two at once would both find it waiting, and two decisions on one bounty make the journal unreadable.
    return this.#inTurn(() => this.#decide(decision));
  }

  async #decide(decision: BountyDecision): Promise<Result<BountyView>> {
    const { id, verdict, reason, curator } = decision;
    const { dataDirectory, ledger, nowUs, publishBooks } = this.#parts;
    if (!isReason(reason))
      return refuse(
        'bounty-malformed',
        `Give a reason of 1 to ${REASON_LENGTH_MAX} characters: authors read it.`,
      );
    const found = this.#find(id);
    if (!found.ok) return found;
    const payeesOf = this.#payeesOf();
    if (!payeesOf.ok) return payeesOf;
    if (await this.#isOwnWork(curator, payeesOf.value(found.value)))
      return refuse(
        'bounty-own-work',
        'This is work of your own owner group: another curator must judge it.',
      );
    const queue = readBounties(dataDirectory);
    if (!queue.ok) return queue;
    const entry = queue.value.apply({ kind: verdict, id, curator, reason, atUs: String(nowUs()) });
    if (!entry.ok) return entry;
    const { repository, commit, keys } = found.value;
    const act = { schema: 'jamnet/bounty-act/v1', id, repository, commit, keys, verdict, reason, curator };
    const record = { kind: `bounty-${verdict}`, sha256: hashOf(act) };
    const [logged] = await ledger.post(nowUs(), [{ key: `bounty:${id}`, record }]);
    if (logged?.ok !== true)
      return refuse(
        'bounty-decided',
        `The log holds another decision on ${id}${logged === undefined ? '' : ` (${logged.code})`}: a decision stands.`,
      );
    writeBounty(dataDirectory, entry.value);
    await publishBooks();
    return ok(viewOf(queue.value.get(id) ?? found.value, payeesOf.value));
  }

  #find(id: string): Result<Bounty> {
    const queue = readBounties(this.#parts.dataDirectory);
    if (!queue.ok) return queue;
    const bounty = queue.value.get(id);
    return bounty === undefined
      ? refuse('bounty-unknown', `There is no bounty ${id}: jamnet bounty list shows them.`)
      : ok(bounty);
  }

  #payeesOf(): Result<PayeesOf> {
    const identities = readIdentities(this.#parts.dataDirectory);
    if (!identities.ok) return identities;
    const { value } = identities;
    return ok(({ people }) => [
      ...new Set(people.map((person) => value.payeeOf(person) ?? payeeOfIdentity(person))),
    ]);
  }

  /** By owner group, as the payee register knows it; whom it does not know stands alone. */
  async #isOwnWork(curator: string, payees: readonly string[]): Promise<boolean> {
    const groupOf = async (payee: string): Promise<string> =>
      (await this.#parts.economy.ownerGroupOf(payee)) ?? payee;
    const own = await groupOf(curator);
    for (const payee of payees) if (payee === curator || (await groupOf(payee)) === own) return true;
    return false;
  }
}

type PayeesOf = (bounty: Bounty) => readonly string[];

function viewOf({ keys, people, ...bounty }: Bounty, payeesOf: PayeesOf): BountyView {
  return { ...bounty, statements: keys.length, payees: payeesOf({ keys, people, ...bounty }) };
}
