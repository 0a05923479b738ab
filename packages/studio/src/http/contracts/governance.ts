import { Type } from 'typebox';
import { GOVERNANCE_LIMITS } from '../../governance/core/limits.ts';
import { PARTNERS_MAX } from '../../governance/partner-list.ts';
import { SHIPPED_LICENCES_MAX } from '../../governance/shipped-licences.ts';
import { POLICY_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { pageOf } from './pages.ts';
import { orNull, PolicyDocument, Whole } from './shapes.ts';

const Choice = Type.Enum(['for', 'against', 'abstain']);
const proposalLine = {
  id: Type.String(),
  title: Type.String(),
  phase: Type.Enum(['announced', 'open', 'closed', 'adopted', 'rejected', 'withdrawn']),
  policySha256: Type.String(),
  openedAtUs: Whole,
  opensAtUs: Whole,
  closesAtUs: Whole,
  votes: Type.Object({ for: Type.Number(), against: Type.Number(), abstain: Type.Number() }),
  comments: Type.Number(),
};
const ProposalLine = Type.Object(proposalLine, { title: 'ProposalLine' });
const ProposalView = Type.Object(
  {
    ...proposalLine,
    text: Type.String(),
    leaf: orNull(Whole),
    policy: PolicyDocument,
    before: orNull(PolicyDocument),
    said: Type.Array(
      Type.Object({
        number: Type.Number(),
        author: Type.Number(),
        name: orNull(Type.String()),
        isOwn: Type.Boolean(),
        atUs: Whole,
        text: orNull(Type.String()),
        hiddenReason: orNull(Type.String()),
      }),
      { maxItems: GOVERNANCE_LIMITS.commentsMax },
    ),
    own: orNull(Type.Object({ choice: orNull(Choice), commentsLeft: Type.Number() })),
    decision: orNull(
      Type.Object({
        verdict: Type.Enum(['adopted', 'rejected', 'withdrawn']),
        reasons: Type.String(),
        policySha256: orNull(Type.String()),
        decidedAtUs: Whole,
        leaf: orNull(Whole),
        amended: orNull(PolicyDocument),
      }),
    ),
    file: Type.String(),
  },
  { title: 'ProposalView' },
);
const Partner = Type.Object(
  { id: Type.String(), name: Type.String(), what: Type.String(), url: Type.String(), sinceUs: Whole },
  { title: 'Partner' },
);
const partners = Type.Array(Partner, { maxItems: PARTNERS_MAX });
const Partners = Type.Object({ partners });

/** Whom the network works with, under which licences, and how its rules come about. */
export const GOVERNANCE_CONTRACTS = {
  'GET /api/network': {
    summary: 'Partners that the operator names, and licences of what a studio ships',
    letsIn: 'open',
    answer: Type.Object({
      partners,
      licences: Type.Array(
        Type.Object({
          licence: Type.String(),
          part: Type.Enum(['program', 'sounds', 'packages']),
          author: Type.String(),
          count: Type.Number(),
        }),
        { maxItems: SHIPPED_LICENCES_MAX },
      ),
    }),
  },
  'POST /api/network/partners': {
    summary: 'Names a partner',
    letsIn: 'operator',
    answer: Partners,
    codes: ['partner-malformed', 'partner-exists', 'too-many-partners'],
  },
  'DELETE /api/network/partners/:partner': {
    summary: 'Takes a partner off the list',
    letsIn: 'operator',
    answer: Partners,
    codes: ['partner-unknown'],
  },
  'GET /api/proposals': {
    summary: 'Proposed policies, the newest first',
    letsIn: 'open',
    answer: pageOf('proposals', ProposalLine),
    codes: ['cursor-malformed'],
  },
  'GET /api/proposals/:id': {
    summary: 'A proposed policy with what was said, advised and decided',
    letsIn: 'open',
    answer: ProposalView,
    codes: ['proposal-unknown'],
  },
  'POST /api/proposals': {
    summary: 'Proposes a policy and opens its comment period',
    letsIn: 'operator',
    answer: ProposalView,
    codes: [
      'proposal-malformed',
      'period-malformed',
      'proposal-exists',
      'too-many-proposals',
      'too-many-undecided',
      ...POLICY_CODES,
    ],
  },
  'POST /api/proposals/:id/comments': {
    summary: 'Comments on a proposal while it is open',
    letsIn: 'voices',
    answer: ProposalView,
    codes: [
      'proposal-unknown',
      'proposal-not-open',
      'comment-malformed',
      'too-many-comments',
      'comments-full',
    ],
  },
  'PUT /api/proposals/:id/vote': {
    summary: "Says what one's owner group advises; the last word before the close counts",
    letsIn: 'voices',
    answer: ProposalView,
    codes: ['proposal-unknown', 'proposal-not-open', 'too-many-voters'],
  },
  'POST /api/proposals/:id/comments/:number/hiding': {
    summary: 'Hides a comment, with a reason that stands in its place',
    letsIn: 'operator',
    answer: ProposalView,
    codes: ['proposal-unknown', 'comment-unknown', 'comment-hidden', 'reason-malformed'],
  },
  'POST /api/proposals/:id/decision': {
    summary: 'Decides a proposal with reasons, which go into the log',
    letsIn: 'operator',
    answer: ProposalView,
    codes: [
      'proposal-unknown',
      'proposal-decided',
      'period-not-over',
      'reason-malformed',
      'amended-not-adopted',
      ...POLICY_CODES,
    ],
  },
} as const satisfies Contracts;
