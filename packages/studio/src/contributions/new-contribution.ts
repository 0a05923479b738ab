import { createHash } from 'node:crypto';
import { type CanonicalValue, canonicalJson } from '@jamnet/base';
import type { Contribution, ContributionKind, PayeeWeight } from '@jamnet/economy';
import type { ContributionView } from '../live/studio-state.ts';

export interface ContributionDraft {
  readonly kind: ContributionKind;
  readonly meter: string;
  readonly payees: readonly PayeeWeight[];
  /** In the meter's unit. */
  readonly merit: bigint;
  /** Content address of what was contributed: the same subject, meter and payees are the same contribution. */
  readonly subject: string;
  readonly ownerGroup: string;
  /** What a doubter would have to see; only its salted hash is published. */
  readonly evidence: CanonicalValue;
  /** 32 secret bytes of the studio: without them nobody can test guesses about the evidence. */
  readonly evidenceSecret: Uint8Array;
  readonly acceptedAtUs: bigint;
}

/** Follows from what was done, by whom and how it was measured; not from how much it was. */
export function contributionId({
  kind,
  meter,
  subject,
  payees,
}: Pick<ContributionDraft, 'kind' | 'meter' | 'subject' | 'payees'>): string {
  const identity = canonicalJson({
    kind,
    meter,
    subject,
    payees: payees.map(({ payee, weight }) => ({ payee, weight })),
  });
  return createHash('sha256').update('jamnet/contribution/v1\0').update(identity).digest('hex').slice(0, 40);
}

/** A contribution whose id follows from what was done, by whom and how it was measured, and from nothing else. */
export function newContribution(draft: ContributionDraft): Contribution {
  const { kind, meter, payees, merit, subject, ownerGroup, acceptedAtUs } = draft;
  const id = contributionId(draft);
  const salt = createHash('sha256').update(draft.evidenceSecret).update('\0').update(id).digest();
  const evidence = createHash('sha256').update(salt).update(canonicalJson(draft.evidence)).digest('hex');
  return {
    id,
    schema: 'jamnet/contribution/v1',
    kind,
    meter,
    payees,
    merit,
    subject,
    acceptedAtUs,
    evidence,
    ownerGroup,
  };
}

export function contributionView(contribution: Contribution): ContributionView {
  const { id, kind, meter, subject, merit, payees } = contribution;
  const shown = payees.map(({ payee, weight }) => ({ payee, weight: weight.toString() }));
  return { id, kind, meter, subject, merit: merit.toString(), payees: shown };
}
