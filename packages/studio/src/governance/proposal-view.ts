import type { Policy } from '@jamnet/economy';
import { PUBLIC } from '../books/public-layout.ts';
import type { GovernanceLimits } from './core/limits.ts';
import {
  type Choice,
  type Comment,
  type DecisionRecord,
  type Phase,
  phaseOf,
  type Tally,
  tallyOf,
  voices,
} from './core/proposal.ts';
import type { CountedProposal, KeptProposal } from './proposal-book.ts';

/** Who looks: a member by payee, `null` for anybody else; who reads the operator's books reads hidden comments, too. */
export interface Reader {
  readonly payee: string | null;
  readonly readsHidden: boolean;
}

export interface ProposalLine {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly policySha256: string;
  readonly openedAtUs: string;
  readonly opensAtUs: string;
  readonly closesAtUs: string;
  /** Owner groups; as they were counted at the decision once there is one. */
  readonly votes: Tally;
  readonly comments: number;
}

export interface CommentView {
  readonly number: number;
  /** Authors of a proposal are numbered as they come: who wrote is told by no pseudonym that earns. */
  readonly author: number;
  /** The name that the author agreed to show, as on the leaderboard. */
  readonly name: string | null;
  readonly isOwn: boolean;
  readonly atUs: string;
  /** `null` where it is hidden from this reader. */
  readonly text: string | null;
  readonly hiddenReason: string | null;
}

export interface ProposalView extends ProposalLine {
  readonly text: string;
  readonly leaf: string | null;
  readonly policy: unknown;
  /** The policy that was in force when it was proposed. */
  readonly before: Policy | null;
  readonly said: readonly CommentView[];
  /** Of the member who looks. */
  readonly own: { readonly choice: Choice | null; readonly commentsLeft: number } | null;
  readonly decision:
    | (Pick<DecisionRecord, 'verdict' | 'reasons' | 'policySha256' | 'decidedAtUs'> & {
        readonly leaf: string | null;
        /** The policy as it was adopted, where it is not the proposed one. */
        readonly amended: unknown;
      })
    | null;
  /** The public file by which anybody checks the log's leaves. */
  readonly file: string;
}

interface Looking {
  readonly nowUs: bigint;
  readonly names: ReadonlyMap<string, string>;
  readonly before: Policy | null;
  readonly reader: Reader;
  readonly ownerGroup: string | null;
  readonly limits: GovernanceLimits;
}

export function lineOf(counted: Omit<CountedProposal, 'number'>, nowUs: bigint): ProposalLine {
  const { id, record, votes, comments } = counted;
  const { title, policySha256, openedAtUs, opensAtUs, closesAtUs } = record;
  return {
    id,
    title,
    phase: phaseOf(counted, nowUs),
    policySha256,
    openedAtUs,
    opensAtUs,
    closesAtUs,
    votes,
    comments,
  };
}

export function viewOf(kept: KeptProposal, looking: Looking): ProposalView {
  const { proposal, policy, leaf } = kept;
  const { id, record, decision, ballots, comments } = proposal;
  const counted = {
    ...{ id, record, decision },
    votes: decision?.votes ?? tallyOf(ballots),
    comments: decision?.comments ?? comments.length,
  };
  return {
    ...lineOf(counted, looking.nowUs),
    text: proposal.record.text,
    leaf: leaf === null ? null : `${leaf}`,
    policy,
    before: looking.before,
    said: saidOf(proposal.comments, looking),
    own: ownOf(kept, looking),
    decision: decisionOf(kept),
    file: `/public/${PUBLIC.proposal(proposal.id)}`,
  };
}

function saidOf(comments: readonly Comment[], { names, reader }: Looking): CommentView[] {
  const authors = [...new Set(comments.map(({ payee }) => payee))];
  return comments.map(({ number, payee, text, atUs, hiddenReason }) => ({
    number,
    author: authors.indexOf(payee) + 1,
    name: names.get(payee) ?? null,
    isOwn: payee === reader.payee,
    atUs: `${atUs}`,
    text: hiddenReason === null || reader.readsHidden ? text : null,
    hiddenReason,
  }));
}

function ownOf({ proposal }: KeptProposal, { reader, ownerGroup, limits }: Looking): ProposalView['own'] {
  if (reader.payee === null || ownerGroup === null) return null;
  const written = proposal.comments.filter(({ payee }) => payee === reader.payee).length;
  return {
    choice: voices(proposal.ballots).get(ownerGroup)?.choice ?? null,
    commentsLeft: Math.max(0, limits.commentsPerMemberMax - written),
  };
}

function decisionOf({ proposal, amended, decisionLeaf }: KeptProposal): ProposalView['decision'] {
  if (proposal.decision === null) return null;
  const { verdict, reasons, policySha256, decidedAtUs } = proposal.decision;
  const leaf = decisionLeaf === null ? null : `${decisionLeaf}`;
  return { verdict, reasons, policySha256, decidedAtUs, leaf, amended };
}
