import { ok, type Result, refuse } from '@jamnet/base';
import type { GovernanceLimits } from './limits.ts';
import {
  type Ballot,
  type Choice,
  type Comment,
  type DecisionRecord,
  type Phase,
  type Proposal,
  type ProposalRecord,
  phaseOf,
  tallyOf,
  type Verdict,
} from './proposal.ts';

/** What somebody asks of a proposal that is there. Who may ask what is decided at the door. */
export type GovernanceAct =
  | { readonly kind: 'comment'; readonly payee: string; readonly text: string }
  | { readonly kind: 'hide'; readonly comment: number; readonly reason: string }
  | { readonly kind: 'vote'; readonly payee: string; readonly ownerGroup: string; readonly choice: Choice }
  | {
      readonly kind: 'decide';
      readonly verdict: Verdict;
      readonly reasons: string;
      /** Hash of the policy as it became after the comments; `null`: as it was proposed. */
      readonly amendedSha256: string | null;
    };

/** What an act changes. */
export type GovernanceChange =
  | { readonly kind: 'commented'; readonly comment: Comment }
  | { readonly kind: 'hidden'; readonly comment: number; readonly reason: string }
  | { readonly kind: 'voted'; readonly ballot: Ballot }
  | { readonly kind: 'decided'; readonly decision: DecisionRecord };

export type GovernanceCode =
  | 'proposal-malformed'
  | 'period-malformed'
  | 'comment-malformed'
  | 'reason-malformed'
  | 'proposal-exists'
  | 'too-many-proposals'
  | 'too-many-undecided'
  | 'proposal-unknown'
  | 'proposal-not-open'
  | 'too-many-comments'
  | 'comments-full'
  | 'comment-unknown'
  | 'comment-hidden'
  | 'too-many-voters'
  | 'period-not-over'
  | 'proposal-decided'
  | 'amended-not-adopted';

/** Control characters but for the end of a line, and marks that turn the direction of writing: texts are shown on pages and in terminals. */
const UNSHOWN = /[^\P{Cc}\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text of somebody else's may be kept: something to read, not too long, lines but no other control characters. */
export function isReadable(text: string, lengthMax: number): boolean {
  return text.trim() !== '' && text.length <= lengthMax && !UNSHOWN.test(text);
}

export interface Opening {
  readonly title: string;
  readonly text: string;
  readonly policySha256: string;
  readonly inForceSha256: string | null;
  /** UTC µs; now where it is `null`. */
  readonly opensAtUs: bigint | null;
  readonly closesAtUs: bigint;
}

/** How many proposals there are, and which policies the undecided ones propose. */
export interface Docket {
  readonly proposals: number;
  readonly undecided: readonly { readonly id: string; readonly policySha256: string }[];
}

/** Judges a proposal that the operator wants to open; its record goes into the log. */
export function decideOpening(
  docket: Docket,
  nowUs: bigint,
  opening: Opening,
  limits: GovernanceLimits,
): Result<ProposalRecord, GovernanceCode> {
  const { title, text, policySha256, inForceSha256, closesAtUs } = opening;
  const opensAtUs = opening.opensAtUs ?? nowUs;
  if (!isReadable(title, limits.titleLengthMax) || title.includes('\n'))
    return refuse('proposal-malformed', `A title is one line of 1 to ${limits.titleLengthMax} characters.`);
  if (!isReadable(text, limits.textLengthMax))
    return refuse(
      'proposal-malformed',
      `Say in 1 to ${limits.textLengthMax} characters, none of them a control character, what the policy changes and why.`,
    );
  const periodUs = closesAtUs - opensAtUs;
  const [least, most, ahead] = [limits.periodUsMin, limits.periodUsMax, limits.aheadUsMax].map(daysOf);
  if (periodUs < limits.periodUsMin || periodUs > limits.periodUsMax)
    return refuse('period-malformed', `A comment period lasts ${least} to ${most} days.`);
  if (opensAtUs < nowUs || opensAtUs - nowUs > limits.aheadUsMax)
    return refuse('period-malformed', `A comment period begins now or within ${ahead} days.`);
  const same = docket.undecided.find((each) => each.policySha256 === policySha256);
  if (same !== undefined)
    return refuse('proposal-exists', `Proposal ${same.id} proposes this policy already: decide it first.`);
  if (docket.undecided.length >= limits.undecidedMax)
    return refuse('too-many-undecided', `${limits.undecidedMax} proposals are undecided: decide some first.`);
  if (docket.proposals >= limits.proposalsMax)
    return refuse('too-many-proposals', `${limits.proposalsMax} proposals are all that an audit reads.`);
  return ok({
    schema: 'jamnet/policy-proposal/v1',
    title: title.trim(),
    text: text.trim(),
    policySha256,
    inForceSha256,
    openedAtUs: `${nowUs}`,
    opensAtUs: `${opensAtUs}`,
    closesAtUs: `${closesAtUs}`,
  });
}

/** Judges what is asked of a proposal, and says what it changes; nothing changes where it is refused. */
export function decide(
  proposal: Proposal,
  nowUs: bigint,
  act: GovernanceAct,
  limits: GovernanceLimits,
): Result<GovernanceChange, GovernanceCode> {
  const phase = phaseOf(proposal, nowUs);
  switch (act.kind) {
    case 'comment':
      return phase === 'open' ? decideComment(proposal, nowUs, act, limits) : notOpen(phase);
    case 'vote':
      return phase === 'open' ? decideVote(proposal, act, limits) : notOpen(phase);
    case 'hide':
      return decideHiding(proposal, act, limits);
    case 'decide':
      return decideEnd(proposal, phase, nowUs, act, limits);
  }
}

/** A proposal after a change. */
export function evolve(proposal: Proposal, change: GovernanceChange): Proposal {
  switch (change.kind) {
    case 'commented':
      return { ...proposal, comments: [...proposal.comments, change.comment] };
    case 'hidden':
      return {
        ...proposal,
        comments: proposal.comments.map((comment) =>
          comment.number === change.comment ? { ...comment, hiddenReason: change.reason } : comment,
        ),
      };
    case 'voted': {
      const others = proposal.ballots.filter(({ payee }) => payee !== change.ballot.payee);
      return { ...proposal, ballots: [...others, change.ballot] };
    }
    case 'decided':
      return { ...proposal, decision: change.decision };
  }
}

type ActOf<K extends GovernanceAct['kind']> = Extract<GovernanceAct, { kind: K }>;
type Decided = Result<GovernanceChange, GovernanceCode>;

function decideComment(
  { comments }: Proposal,
  nowUs: bigint,
  { payee, text }: ActOf<'comment'>,
  limits: GovernanceLimits,
): Decided {
  if (!isReadable(text, limits.commentLengthMax))
    return refuse(
      'comment-malformed',
      `A comment has 1 to ${limits.commentLengthMax} characters, lines too, but no other control characters.`,
    );
  if (comments.filter((comment) => comment.payee === payee).length >= limits.commentsPerMemberMax)
    return refuse(
      'too-many-comments',
      `${limits.commentsPerMemberMax} comments are what one member has here: you have written yours.`,
    );
  if (comments.length >= limits.commentsMax)
    return refuse('comments-full', `${limits.commentsMax} comments are all that one proposal takes.`);
  const number = comments.length + 1;
  return ok({
    kind: 'commented',
    comment: { number, payee, text: text.trim(), atUs: nowUs, hiddenReason: null },
  });
}

function decideVote(
  { ballots }: Proposal,
  { payee, ownerGroup, choice }: ActOf<'vote'>,
  limits: GovernanceLimits,
): Decided {
  const isNew = !ballots.some((ballot) => ballot.payee === payee);
  if (isNew && ballots.length >= limits.votersMax)
    return refuse('too-many-voters', `${limits.votersMax} ballots are all that one proposal takes.`);
  const number = ballots.reduce((most, ballot) => Math.max(most, ballot.number), 0) + 1;
  return ok({ kind: 'voted', ballot: { payee, ownerGroup, choice, number } });
}

function decideHiding(
  { comments }: Proposal,
  { comment: number, reason }: ActOf<'hide'>,
  limits: GovernanceLimits,
): Decided {
  const comment = comments.find((each) => each.number === number);
  if (comment === undefined) return refuse('comment-unknown', `There is no comment ${number} here.`);
  if (comment.hiddenReason !== null)
    return refuse('comment-hidden', 'This comment is hidden already: its reason stands.');
  if (!isReadable(reason, limits.reasonLengthMax))
    return refuse(
      'reason-malformed',
      `Give a reason of 1 to ${limits.reasonLengthMax} characters, none of them a control character: it stands where the comment stood.`,
    );
  return ok({ kind: 'hidden', comment: number, reason: reason.trim() });
}

function decideEnd(
  { id, record, ballots, comments }: Proposal,
  phase: Phase,
  nowUs: bigint,
  { verdict, reasons, amendedSha256 }: ActOf<'decide'>,
  limits: GovernanceLimits,
): Decided {
  if (phase !== 'announced' && phase !== 'open' && phase !== 'closed')
    return refuse('proposal-decided', `This proposal is ${phase}: a decision stands. Open another.`);
  if (verdict !== 'withdrawn' && phase !== 'closed')
    return refuse(
      'period-not-over',
      'People may still comment and vote: decide when the period is over. Before, it can only be withdrawn.',
    );
  if (verdict !== 'adopted' && amendedSha256 !== null)
    return refuse('amended-not-adopted', 'Only a policy that is adopted can be amended.');
  if (!isReadable(reasons, limits.textLengthMax))
    return refuse(
      'reason-malformed',
      `Give your reasons in 1 to ${limits.textLengthMax} characters, none of them a control character: they go with the decision into the log.`,
    );
  const decision: DecisionRecord = {
    schema: 'jamnet/policy-decision/v1',
    proposal: id,
    verdict,
    reasons: reasons.trim(),
    policySha256: verdict === 'adopted' ? (amendedSha256 ?? record.policySha256) : null,
    votes: tallyOf(ballots),
    comments: comments.length,
    decidedAtUs: `${nowUs}`,
  };
  return ok({ kind: 'decided', decision });
}

function notOpen(phase: Phase): Decided {
  const why = {
    announced: 'the comment period has not begun',
    closed: 'the comment period is over',
    open: 'it is open',
    adopted: 'it was adopted',
    rejected: 'it was rejected',
    withdrawn: 'it was withdrawn',
  };
  return refuse('proposal-not-open', `This proposal takes no comments and votes: ${why[phase]}.`);
}

function daysOf(us: bigint): bigint {
  return us / 86_400_000_000n;
}
