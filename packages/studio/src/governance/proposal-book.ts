import { canonicalJson, present } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import type { Docket, GovernanceChange } from './core/decide.ts';
import {
  type Ballot,
  CHOICES,
  type Choice,
  type Comment,
  type DecisionRecord,
  type Proposal,
  type ProposalRecord,
  type Tally,
} from './core/proposal.ts';
import {
  type BallotRow,
  type CommentRow,
  GOVERNANCE_MIGRATIONS,
  type GovernanceTables,
  type ProposalRow,
} from './governance-tables.ts';

/** A proposal, the policies that belong to it, and where in the log it and its decision stand. */
export interface KeptProposal {
  readonly number: bigint;
  readonly proposal: Proposal;
  /** As it was proposed and, where comments changed it, as it was adopted. */
  readonly policy: unknown;
  readonly amended: unknown;
  readonly leaf: bigint | null;
  readonly decisionLeaf: bigint | null;
}

/** A proposal as a list shows it: what was said and advised is counted, not read. */
export interface CountedProposal {
  readonly number: bigint;
  readonly id: string;
  readonly record: ProposalRecord;
  readonly decision: DecisionRecord | null;
  /** Of owner groups by their last ballots, until a decision has counted them. */
  readonly votes: Tally;
  readonly comments: number;
}

/** A proposal whose decision stands in the log. */
export interface Adoption {
  readonly policySha256: string;
  readonly proposal: string;
  readonly title: string;
  readonly isAmended: boolean;
  readonly decidedAtUs: string;
}

/** Proposals with their comments and ballots in the studio's database. */
export class ProposalBook {
  readonly #tables: Kysely<GovernanceTables>;

  static async open(database: Database): Promise<ProposalBook> {
    await migrate(database, 'governance', GOVERNANCE_MIGRATIONS);
    return new ProposalBook(tablesOf<GovernanceTables>(database));
  }

  private constructor(tables: Kysely<GovernanceTables>) {
    this.#tables = tables;
  }

  async docket(): Promise<Docket> {
    const { proposals } = await this.#tables
      .selectFrom('governance_proposal')
      .select(({ fn }) => fn.countAll<bigint>().as('proposals'))
      .executeTakeFirstOrThrow();
    const rows = await this.#proposals().where('decision', 'is', null).execute();
    return {
      proposals: Number(proposals),
      undecided: rows.map(({ id, record }) => ({ id, policySha256: recordOf(record).policySha256 })),
    };
  }

  /** The newest first, those numbered below `before` where it is given. */
  async page(before: bigint | null, limit: number): Promise<readonly CountedProposal[]> {
    const rows = await this.#tables
      .selectFrom('governance_proposal')
      .select(['number', 'id', 'record', 'decision'])
      .$if(before !== null, (query) => query.where('number', '<', before ?? 0n))
      .orderBy('number', 'desc')
      .limit(limit)
      .execute();
    const undecided = rows.flatMap(({ id, decision }) => (decision === null ? [id] : []));
    const [votes, comments] = [await this.#tallies(undecided), await this.#commentCounts(undecided)];
    return rows.map(({ number, id, record, decision: text }) => {
      const decision = decisionOf(text);
      return {
        ...{ number, id, record: recordOf(record), decision },
        votes: decision?.votes ?? votes.get(id) ?? { for: 0, against: 0, abstain: 0 },
        comments: decision?.comments ?? comments.get(id) ?? 0,
      };
    });
  }

  /** The decisions in the log that adopted these policies, by their hashes; the oldest first. */
  async adoptions(policies: readonly string[]): Promise<readonly Adoption[]> {
    if (policies.length === 0) return [];
    const rows = await this.#tables
      .selectFrom('governance_proposal')
      .select(['id', 'record', 'decision', 'adopted_sha256'])
      .select(({ eb }) => eb('amended', 'is not', null).as('is_amended'))
      .where('adopted_sha256', 'in', policies)
      .where('decision_leaf', 'is not', null)
      .orderBy('number')
      .execute();
    return rows.map(({ id, record, decision, adopted_sha256, is_amended }) => ({
      policySha256: present(adopted_sha256, 'the hash that it was found by'),
      proposal: id,
      title: recordOf(record).title,
      isAmended: Boolean(is_amended),
      decidedAtUs: present(decisionOf(decision), 'the decision that adopted it').decidedAtUs,
    }));
  }

  async find(id: string): Promise<KeptProposal | null> {
    const rows = await this.#proposals().where('id', '=', id).execute();
    return (await this.#withVoices(rows))[0] ?? null;
  }

  /** What is not in the log as far as we know: a stop came between. */
  async unlogged(): Promise<readonly KeptProposal[]> {
    const rows = await this.#proposals()
      .where(({ eb, or, and }) =>
        or([eb('leaf', 'is', null), and([eb('decision', 'is not', null), eb('decision_leaf', 'is', null)])]),
      )
      .orderBy('number')
      .execute();
    return rows.map((row) => keptOf(row, [], []));
  }

  /** All that stand in the log, the oldest first, without what was said about them. */
  async logged(): Promise<readonly KeptProposal[]> {
    const rows = await this.#proposals().where('leaf', 'is not', null).orderBy('number').execute();
    return rows.map((row) => keptOf(row, [], []));
  }

  async add(id: string, record: ProposalRecord, policy: string): Promise<void> {
    const { newest } = await this.#tables
      .selectFrom('governance_proposal')
      .select(({ fn }) => fn.max('number').as('newest'))
      .executeTakeFirstOrThrow();
    await this.#tables
      .insertInto('governance_proposal')
      .values({
        id,
        number: (newest ?? 0n) + 1n,
        record: canonicalJson({ ...record }),
        policy,
        leaf: null,
        decision: null,
        amended: null,
        decision_leaf: null,
        adopted_sha256: null,
      })
      .execute();
  }

  /** Forgets a proposal that never came into the log, and what may have been said about it. */
  async drop(id: string): Promise<void> {
    await this.#tables.deleteFrom('governance_comment').where('proposal', '=', id).execute();
    await this.#tables.deleteFrom('governance_ballot').where('proposal', '=', id).execute();
    await this.#tables.deleteFrom('governance_proposal').where('id', '=', id).execute();
  }

  async markLogged(id: string, column: 'leaf' | 'decision_leaf', leaf: bigint): Promise<void> {
    await this.#tables
      .updateTable('governance_proposal')
      .set({ [column]: leaf })
      .where('id', '=', id)
      .execute();
  }

  /** Keeps what an act changed; `amended` goes with a decision. */
  async keep(id: string, change: GovernanceChange, amended: string | null = null): Promise<void> {
    switch (change.kind) {
      case 'commented':
        return this.#keepComment(id, change.comment);
      case 'hidden':
        await this.#tables
          .updateTable('governance_comment')
          .set({ hidden_reason: change.reason })
          .where('proposal', '=', id)
          .where('number', '=', BigInt(change.comment))
          .execute();
        return;
      case 'voted':
        return this.#keepBallot(id, change.ballot);
      case 'decided': {
        const { votes, ...decision } = change.decision;
        await this.#tables
          .updateTable('governance_proposal')
          .set({
            decision: canonicalJson({ ...decision, votes: { ...votes } }),
            amended,
            adopted_sha256: decision.policySha256,
          })
          .where('id', '=', id)
          .execute();
      }
    }
  }

  async #keepComment(proposal: string, { number, payee, text, atUs }: Comment): Promise<void> {
    const row = { proposal, number: BigInt(number), payee, text, at_us: atUs, hidden_reason: null };
    await this.#tables.insertInto('governance_comment').values(row).execute();
  }

  async #keepBallot(proposal: string, { payee, ownerGroup, choice, number }: Ballot): Promise<void> {
    const cast = { owner_group: ownerGroup, choice, number: BigInt(number) };
    await this.#tables
      .insertInto('governance_ballot')
      .values({ proposal, payee, ...cast })
      .onConflict((conflict) => conflict.columns(['proposal', 'payee']).doUpdateSet(cast))
      .execute();
  }

  async #withVoices(rows: readonly ProposalRow[]): Promise<readonly KeptProposal[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const comments = await this.#tables
      .selectFrom('governance_comment')
      .selectAll()
      .where('proposal', 'in', ids)
      .orderBy('number')
      .execute();
    const ballots = await this.#tables
      .selectFrom('governance_ballot')
      .selectAll()
      .where('proposal', 'in', ids)
      .orderBy('number')
      .execute();
    const [said, cast] = [byProposal(comments), byProposal(ballots)];
    return rows.map((row) => keptOf(row, said.get(row.id) ?? [], cast.get(row.id) ?? []));
  }

  /** As `tallyOf` counts them, by the database: the last ballot of each owner group. */
  async #tallies(ids: readonly string[]): Promise<ReadonlyMap<string, Tally>> {
    const found = new Map<string, Record<Choice, number>>();
    if (ids.length === 0) return found;
    const rows = await this.#tables
      .selectFrom('governance_ballot as ballot')
      .innerJoin(
        (query) =>
          query
            .selectFrom('governance_ballot')
            .select(({ fn }) => ['proposal', 'owner_group', fn.max('number').as('number')])
            .where('proposal', 'in', ids)
            .groupBy(['proposal', 'owner_group'])
            .as('last'),
        (join) =>
          join
            .onRef('last.proposal', '=', 'ballot.proposal')
            .onRef('last.owner_group', '=', 'ballot.owner_group')
            .onRef('last.number', '=', 'ballot.number'),
      )
      .select(({ fn }) => ['ballot.proposal', 'ballot.choice', fn.countAll<bigint>().as('groups')])
      .groupBy(['ballot.proposal', 'ballot.choice'])
      .execute();
    for (const { proposal, choice, groups } of rows) {
      const tally = found.get(proposal) ?? { for: 0, against: 0, abstain: 0 };
      tally[choiceOf(choice)] = Number(groups);
      found.set(proposal, tally);
    }
    return found;
  }

  async #commentCounts(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#tables
      .selectFrom('governance_comment')
      .select(({ fn }) => ['proposal', fn.countAll<bigint>().as('comments')])
      .where('proposal', 'in', ids)
      .groupBy('proposal')
      .execute();
    return new Map(rows.map(({ proposal, comments }) => [proposal, Number(comments)]));
  }

  #proposals() {
    return this.#tables.selectFrom('governance_proposal').selectAll();
  }
}

function byProposal<T extends { readonly proposal: string }>(rows: readonly T[]): ReadonlyMap<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(row.proposal);
    if (own === undefined) found.set(row.proposal, [row]);
    else own.push(row);
  }
  return found;
}

function keptOf(
  row: ProposalRow,
  comments: readonly CommentRow[],
  ballots: readonly BallotRow[],
): KeptProposal {
  return {
    number: row.number,
    proposal: {
      id: row.id,
      record: recordOf(row.record),
      comments: comments.map(commentOf),
      ballots: ballots.map(ballotOf),
      decision: decisionOf(row.decision),
    },
    policy: JSON.parse(row.policy),
    amended: row.amended === null ? null : JSON.parse(row.amended),
    leaf: row.leaf,
    decisionLeaf: row.decision_leaf,
  };
}

/** Our own JSON. */
function recordOf(text: string): ProposalRecord {
  return JSON.parse(text) as ProposalRecord;
}

/** Likewise. */
function decisionOf(text: string | null): DecisionRecord | null {
  return text === null ? null : (JSON.parse(text) as DecisionRecord);
}

function commentOf({ number, payee, text, at_us, hidden_reason }: CommentRow): Comment {
  return { number: Number(number), payee, text, atUs: at_us, hiddenReason: hidden_reason };
}

function ballotOf({ payee, owner_group, choice, number }: BallotRow): Ballot {
  return { payee, ownerGroup: owner_group, choice: choiceOf(choice), number: Number(number) };
}

function choiceOf(text: string): Choice {
  return present(
    CHOICES.find((choice) => choice === text),
    'a choice that this program wrote',
  );
}
