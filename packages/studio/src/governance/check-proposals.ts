import { parsePolicy, policySha256 } from '@jamnet/economy';
import type { Leaf } from '@jamnet/ledger/verifier';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { GOVERNANCE_LIMITS } from './core/limits.ts';
import { VERDICTS } from './core/proposal.ts';
import {
  DECISION_LEAF,
  decisionKey,
  decisionLeaf,
  PROPOSAL_LEAF,
  proposalKey,
  proposalLeaf,
} from './proposal-leaves.ts';

/** A studio that stood still may bring a proposal into the log so much after its period began: the period is shorter by that at most. µs. */
export const LATE_US_MAX = 86_400_000_000n;

const closed = { additionalProperties: false } as const;
const Sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Us = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$' });
const Count = Type.Integer({ minimum: 0 });
const Text = Type.String({ minLength: 1, maxLength: GOVERNANCE_LIMITS.textLengthMax });

const ProposalFile = Type.Object(
  {
    proposal: Type.Object(
      {
        schema: Type.Literal('jamnet/policy-proposal/v1'),
        title: Type.String({ minLength: 1, maxLength: GOVERNANCE_LIMITS.titleLengthMax }),
        text: Text,
        policySha256: Sha256Hex,
        inForceSha256: Type.Union([Sha256Hex, Type.Null()]),
        openedAtUs: Us,
        opensAtUs: Us,
        closesAtUs: Us,
      },
      closed,
    ),
    policy: Type.Unknown(),
    decision: Type.Union([
      Type.Null(),
      Type.Object(
        {
          schema: Type.Literal('jamnet/policy-decision/v1'),
          proposal: Type.String(),
          verdict: Type.Enum(VERDICTS),
          reasons: Text,
          policySha256: Type.Union([Sha256Hex, Type.Null()]),
          votes: Type.Object({ for: Count, against: Count, abstain: Count }, closed),
          comments: Count,
          decidedAtUs: Us,
        },
        closed,
      ),
    ]),
    amended: Type.Unknown(),
  },
  closed,
);
type ProposalFile = Static<typeof ProposalFile>;

/** A file of the public books, as it was read. */
export interface PublicProposal {
  readonly id: string;
  readonly file: unknown;
}

export interface ProposalsChecked {
  readonly decided: number;
  readonly waiting: number;
  /** What no honest studio's books show, as a sentence; else `null`. */
  readonly fault: string | null;
}

/**
 * Holds the public files of proposals against the log: each leaf has its words, a policy is the one that was hashed, comments
 * had their time, and no decision came before that time was over.
 */
export function checkProposals(
  proposals: readonly PublicProposal[],
  leaves: readonly Leaf[],
): ProposalsChecked {
  let [decided, waiting] = [0, 0];
  const open = new Map<string, Extract<Leaf, { type: 'record' }>>();
  for (const leaf of leaves)
    if (leaf.type === 'record' && (leaf.kind === PROPOSAL_LEAF || leaf.kind === DECISION_LEAF))
      open.set(leaf.key, leaf);
  const answer = (fault: string | null): ProposalsChecked => ({ decided, waiting, fault });
  for (const { id, file } of proposals) {
    if (!Check(ProposalFile, file)) return answer(`the file of proposal ${id} is missing or malformed`);
    const [proposed, ended] = [open.get(proposalKey(id)), open.get(decisionKey(id))];
    if (proposed === undefined) return answer(`no leaf of the log, or a second file, has proposal ${id}`);
    const fault = proposalFault(id, file, proposed) ?? decisionFault(id, file, ended);
    if (fault !== null) return answer(fault);
    open.delete(proposalKey(id));
    open.delete(decisionKey(id));
    if (file.decision === null) waiting++;
    else decided++;
  }
  const [stray] = open.keys();
  return answer(stray === undefined ? null : `the log has ${stray}, but no public file says what it is`);
}

type RecordLeaf = Extract<Leaf, { type: 'record' }>;

function proposalFault(id: string, { proposal, policy }: ProposalFile, leaf: RecordLeaf): string | null {
  const { sha256 } = proposalLeaf(proposal);
  if (leaf.sha256 !== sha256 || !sha256.startsWith(id))
    return `proposal ${id} is not what the log says was proposed`;
  if (hashOfPolicy(policy) !== proposal.policySha256)
    return `the policy of proposal ${id} is not the one that was proposed`;
  const [opens, closes] = [BigInt(proposal.opensAtUs), BigInt(proposal.closesAtUs)];
  if (closes - opens < GOVERNANCE_LIMITS.periodUsMin)
    return `proposal ${id} gave people less time than the shortest comment period`;
  return leaf.acceptedAtUs - opens > LATE_US_MAX
    ? `proposal ${id} came into the log after its comment period had begun`
    : null;
}

function decisionFault(
  id: string,
  { proposal, decision, amended }: ProposalFile,
  leaf: RecordLeaf | undefined,
): string | null {
  if (decision === null)
    return leaf === undefined ? null : `the log has a decision on ${id}, but its file does not say which`;
  if (leaf === undefined || leaf.sha256 !== decisionLeaf(decision).sha256 || decision.proposal !== id)
    return `the decision on ${id} is not what the log says was decided`;
  if (decision.verdict !== 'withdrawn' && leaf.acceptedAtUs < BigInt(proposal.closesAtUs))
    return `proposal ${id} was decided before its comment period was over`;
  const adopted = amended === null ? proposal.policySha256 : hashOfPolicy(amended);
  return decision.policySha256 === (decision.verdict === 'adopted' ? adopted : null)
    ? null
    : `the policy that the decision on ${id} adopts is not the one in its file`;
}

function hashOfPolicy(document: unknown): string | null {
  const parsed = parsePolicy(document);
  return parsed.ok ? policySha256(parsed.value) : null;
}
