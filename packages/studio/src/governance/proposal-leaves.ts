import { hashOf } from '@jamnet/economy';
import type { DecisionRecord, ProposalRecord } from './core/proposal.ts';

/** Kinds of the leaves that fix a proposal and its decision. */
export const PROPOSAL_LEAF = 'policy-proposal';
export const DECISION_LEAF = 'policy-decision';

interface LoggedRecord {
  readonly kind: string;
  readonly sha256: string;
}

export function proposalKey(id: string): string {
  return `${PROPOSAL_LEAF}:${id}`;
}

export function decisionKey(id: string): string {
  return `${DECISION_LEAF}:${id}`;
}

export function proposalLeaf(record: ProposalRecord): LoggedRecord {
  return { kind: PROPOSAL_LEAF, sha256: hashOf({ ...record }) };
}

export function decisionLeaf(decision: DecisionRecord): LoggedRecord {
  return { kind: DECISION_LEAF, sha256: hashOf({ ...decision, votes: { ...decision.votes } }) };
}
