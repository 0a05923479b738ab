import { canonicalJson, Failure, ok, oneAfterAnother, type Result, refuse } from '@jamnet/base';
import {
  type Economy,
  hashOf,
  type Policy,
  type PolicyCode,
  parsePolicy,
  policySha256,
} from '@jamnet/economy';
import type { Ledger } from '@jamnet/ledger';
import { type Page, type PageRequest, pageOf } from '../paging/page.ts';
import { LATE_US_MAX } from './check-proposals.ts';
import {
  decide,
  decideOpening,
  evolve,
  type GovernanceAct,
  type GovernanceCode,
  type Opening,
} from './core/decide.ts';
import { GOVERNANCE_LIMITS, type GovernanceLimits } from './core/limits.ts';
import type { Choice, Verdict } from './core/proposal.ts';
import type { KeptProposal, ProposalBook } from './proposal-book.ts';
import { decisionKey, decisionLeaf, proposalKey, proposalLeaf } from './proposal-leaves.ts';
import { lineOf, type ProposalLine, type ProposalView, type Reader, viewOf } from './proposal-view.ts';

export interface GovernanceParts {
  readonly book: ProposalBook;
  readonly ledger: Pick<Ledger, 'post' | 'entryByKey'>;
  readonly economy: Pick<Economy, 'ownerGroupOf' | 'policy' | 'publishedPolicy'> & {
    readonly reports: Pick<Economy['reports'], 'names'>;
  };
  /** Publishes the leaves that were posted, and the public files. */
  readonly publishBooks: () => Promise<void>;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  readonly limits?: GovernanceLimits;
}

/** A decision on the very document that was published as a policy. */
export interface PolicyDecision {
  readonly proposal: string;
  readonly title: string;
  /** Adopted not as it was proposed, but as it became after the comments. */
  readonly isAmended: boolean;
  readonly decidedAtUs: string;
}

type Answer<T> = Promise<Result<T, GovernanceCode | PolicyCode>>;

/** Proposed policies, what members say and advise, and the operator's decisions, each fixed in the public log before it counts. */
export class GovernanceDesk {
  readonly #parts: GovernanceParts;
  readonly #limits: GovernanceLimits;
  /** One after the other: each act is judged by all before it. */
  readonly #inTurn = oneAfterAnother();

  /** Brings into the log what a stop left outside, or drops it where it is too late for that. */
  static async open(parts: GovernanceParts): Promise<GovernanceDesk> {
    const desk = new GovernanceDesk(parts);
    for (const kept of await parts.book.unlogged()) await desk.#log(kept);
    return desk;
  }

  private constructor(parts: GovernanceParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? GOVERNANCE_LIMITS;
  }

  /** The newest first. */
  async list({ after, limit }: PageRequest): Promise<Result<Page<ProposalLine>, 'cursor-malformed'>> {
    if (after !== null && !/^\d{1,18}$/.test(after))
      return refuse('cursor-malformed', 'This is not where a page ended: give back its “next”.');
    const counted = await this.#parts.book.page(after === null ? null : BigInt(after), limit + 1);
    const { rows, next } = pageOf(counted, limit, ({ number }) => `${number}`);
    const nowUs = this.#parts.nowUs();
    return ok({ rows: rows.map((row) => lineOf(row, nowUs)), next });
  }

  async show(id: string, reader: Reader): Answer<ProposalView> {
    const kept = await this.#parts.book.find(id);
    return kept === null ? unknown(id) : ok(await this.#view(kept, reader));
  }

  /** Opens a proposal of a whole policy, which must be one that could be published. */
  open(
    opening: Omit<Opening, 'policySha256' | 'inForceSha256'> & { readonly policy: unknown },
    reader: Reader,
  ): Answer<ProposalView> {
    return this.#inTurn(async () => {
      const { book, nowUs, economy } = this.#parts;
      const parsed = parsePolicy(opening.policy);
      if (!parsed.ok) return parsed;
      const inForce = await economy.policy();
      const record = decideOpening(
        await book.docket(),
        nowUs(),
        { ...opening, policySha256: policySha256(parsed.value), inForceSha256: inForce?.sha256 ?? null },
        this.#limits,
      );
      if (!record.ok) return record;
      const id = hashOf({ ...record.value }).slice(0, 32);
      await book.add(id, record.value, canonicalJson(parsed.value));
      return this.#published(id, reader);
    });
  }

  comment(id: string, payee: string, text: string): Answer<ProposalView> {
    return this.#take(id, { kind: 'comment', payee, text }, readerOf(payee));
  }

  /** Counts for the member's owner group, until it votes again. */
  async vote(id: string, payee: string, choice: Choice): Answer<ProposalView> {
    const ownerGroup = await this.#groupOf(payee);
    return this.#take(id, { kind: 'vote', payee, ownerGroup, choice }, readerOf(payee));
  }

  hide(id: string, comment: number, reason: string, reader: Reader): Answer<ProposalView> {
    return this.#take(id, { kind: 'hide', comment, reason }, reader);
  }

  /** Ends a proposal; `amended` is the policy as it became after the comments, `null` as it was proposed. */
  decide(
    id: string,
    decision: { readonly verdict: Verdict; readonly reasons: string; readonly amended: unknown },
    reader: Reader,
  ): Answer<ProposalView> {
    return this.#inTurn(async () => {
      const { verdict, reasons } = decision;
      const parsed = decision.amended === null ? ok(null) : parsePolicy(decision.amended);
      if (!parsed.ok) return parsed;
      const found = await this.#logged(id);
      if (found === null) return unknown(id);
      const kept = await this.#regrouped(found);
      const proposed = kept.proposal.record.policySha256;
      const amended = isSame(parsed.value, proposed) ? null : parsed.value;
      const amendedSha256 = amended && policySha256(amended);
      const act: GovernanceAct = { kind: 'decide', verdict, reasons, amendedSha256 };
      return this.#judge(kept, act, reader, amended);
    });
  }

  /** The decisions that adopted these published policies, by their hashes. */
  async decisionsOn(policies: readonly string[]): Promise<ReadonlyMap<string, PolicyDecision>> {
    const found = await this.#parts.book.adoptions(policies);
    return new Map(found.map(({ policySha256: sha256, ...decision }) => [sha256, decision]));
  }

  #take(id: string, act: GovernanceAct, reader: Reader): Answer<ProposalView> {
    return this.#inTurn(async () => {
      const kept = await this.#logged(id);
      return kept === null ? unknown(id) : this.#judge(kept, act, reader);
    });
  }

  async #judge(
    kept: KeptProposal,
    act: GovernanceAct,
    reader: Reader,
    amended: Policy | null = null,
  ): Answer<ProposalView> {
    const { book, nowUs } = this.#parts;
    const change = decide(kept.proposal, nowUs(), act, this.#limits);
    if (!change.ok) return change;
    const { id } = kept.proposal;
    await book.keep(id, change.value, amended && canonicalJson(amended));
    if (change.value.kind === 'decided') return this.#published(id, reader);
    return ok(await this.#view({ ...kept, proposal: evolve(kept.proposal, change.value) }, reader));
  }

  /** Owner groups as they are now: who joined one since voting has its voice, and no second one. */
  async #regrouped(kept: KeptProposal): Promise<KeptProposal> {
    const ballots = [];
    for (const ballot of kept.proposal.ballots)
      ballots.push({ ...ballot, ownerGroup: await this.#groupOf(ballot.payee) });
    return { ...kept, proposal: { ...kept.proposal, ballots } };
  }

  /** Puts what was just kept into the log and the public files, and shows it. */
  async #published(id: string, reader: Reader): Answer<ProposalView> {
    const { book, publishBooks } = this.#parts;
    const kept = await book.find(id);
    if (kept === null) return unknown(id);
    await this.#log(kept);
    await publishBooks();
    return ok(await this.#view((await book.find(id)) ?? kept, reader));
  }

  /** What members act on: it stands in the log. */
  async #logged(id: string): Promise<KeptProposal | null> {
    const kept = await this.#parts.book.find(id);
    if (kept === null || kept.leaf !== null) return kept;
    await this.#log(kept);
    return this.#parts.book.find(id);
  }

  /** The log knows by the keys whether it has them. */
  async #log({
    proposal: { id, record, decision },
    leaf,
    decisionLeaf: decided,
  }: KeptProposal): Promise<void> {
    const { book, ledger, nowUs } = this.#parts;
    if (leaf === null && nowUs() - BigInt(record.opensAtUs) > LATE_US_MAX) {
      // Its leaf would fail every audit from now on, and nobody has said anything: nobody may before it is in the log.
      if ((await ledger.entryByKey(proposalKey(id))) === null) return book.drop(id);
    }
    if (leaf === null)
      await book.markLogged(id, 'leaf', await this.#post(proposalKey(id), proposalLeaf(record)));
    if (decision !== null && decided === null)
      await book.markLogged(id, 'decision_leaf', await this.#post(decisionKey(id), decisionLeaf(decision)));
  }

  async #post(key: string, record: ReturnType<typeof proposalLeaf>): Promise<bigint> {
    const [answer] = await this.#parts.ledger.post(this.#parts.nowUs(), [{ key, record }]);
    if (!answer?.ok) throw new Failure('proposal-not-recorded', answer?.message ?? `no answer for ${key}`);
    return answer.index;
  }

  async #view(kept: KeptProposal, reader: Reader): Promise<ProposalView> {
    const { economy, nowUs } = this.#parts;
    const { comments, record } = kept.proposal;
    const names = await economy.reports.names([...new Set(comments.map(({ payee }) => payee))]);
    const { inForceSha256 } = record;
    const inForce = inForceSha256 === null ? null : await economy.publishedPolicy(inForceSha256);
    const before = inForce?.policy ?? null;
    const ownerGroup = reader.payee && (await this.#groupOf(reader.payee));
    return viewOf(kept, { nowUs: nowUs(), names, before, reader, ownerGroup, limits: this.#limits });
  }

  async #groupOf(payee: string): Promise<string> {
    return (await this.#parts.economy.ownerGroupOf(payee)) ?? payee;
  }
}

function isSame(policy: Policy | null, sha256: string): boolean {
  return policy !== null && policySha256(policy) === sha256;
}

function readerOf(payee: string): Reader {
  return { payee, readsHidden: false };
}

function unknown(id: string): Result<never, 'proposal-unknown'> {
  return refuse('proposal-unknown', `There is no proposal ${id}: jamnet proposal list shows them.`);
}
