import { RECURRING_STREAMS, type ReportedEpoch } from '@jamnet/economy';
import { decimal, dollars, grouped, KIND_WORDS, percent, STREAM_WORDS } from './words.ts';

/** One figure of the success page: what it is exactly, and where anybody can check it. */
export interface SuccessFigure {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly definition: string;
  readonly proof: { readonly label: string; readonly href: string };
}

export interface SuccessReport {
  readonly epochId: string | null;
  readonly sample: boolean;
  readonly figures: readonly SuccessFigure[];
  /** Newest first. */
  readonly epochs: readonly SuccessEpoch[];
}

export interface SuccessEpoch {
  readonly epochId: string;
  readonly revenueCents: bigint;
  readonly recurringCents: bigint;
  readonly shareCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly participants: number;
  readonly operators: number;
  readonly file: string;
  readonly sha256: string;
  readonly leaf: bigint;
}

/** The latest closed epoch in figures, and the row of each epoch; everything follows from public files. */
export function successReport(epochs: readonly ReportedEpoch[]): SuccessReport {
  const [latest] = epochs;
  return {
    epochId: latest?.epochId ?? null,
    sample: latest?.sample ?? false,
    figures: latest ? figuresOf(latest, epochs) : [],
    epochs: epochs.map((epoch) => ({
      epochId: epoch.epochId,
      revenueCents: epoch.revenueCents,
      recurringCents: epoch.recurringCents,
      shareCents: epoch.shareCents,
      issuedMicroJam: epoch.issuedMicroJam,
      participants: epoch.participants,
      operators: epoch.operators,
      file: publicFile(epoch.epochId),
      sha256: epoch.sha256,
      leaf: epoch.statementLeaf,
    })),
  };
}

export function publicFile(epochId: string): string {
  return `/public/epochs/${encodeURIComponent(epochId)}.json`;
}

function figuresOf(latest: ReportedEpoch, epochs: readonly ReportedEpoch[]): SuccessFigure[] {
  const file = { label: `public file of ${latest.epochId}`, href: publicFile(latest.epochId) };
  const revenue = epochs.reduce((sum, { revenueCents }) => sum + revenueCents, 0n);
  const share = epochs.reduce((sum, { shareCents }) => sum + shareCents, 0n);
  const recurring = RECURRING_STREAMS.map((stream) => STREAM_WORDS[stream] ?? stream).join(' and ');
  return [
    {
      id: 'operators',
      label: 'Operators',
      value: grouped(latest.operators),
      definition:
        'Pseudonyms that have a part in at least one compute row of the epoch: they ran machines whose work was verified or used. One person with two pseudonyms counts twice.',
      proof: file,
    },
    {
      id: 'participants',
      label: 'Participants',
      value: grouped(latest.participants),
      definition:
        'Pseudonyms that have a part in at least one row of the epoch, of any kind: music, code, compute or curation.',
      proof: file,
    },
    {
      id: 'recurring-revenue',
      label: 'Recurring revenue',
      value: dollars(latest.recurringCents),
      definition: `Net revenue of the streams ${recurring} that counted in the epoch, after refunds: a payment counts when its refund window has ended.`,
      proof: { label: `streamCents in the ${file.label}`, href: file.href },
    },
    {
      id: 'share-returned',
      label: 'Share returned',
      value: percent(latest.shareCents, latest.revenueCents),
      definition: `The contributors' share D divided by the net revenue R of the epoch, rounded down: ${dollars(latest.shareCents)} of ${dollars(latest.revenueCents)}. The policy says at least one half.`,
      proof: {
        label: `leaf ${latest.statementLeaf} of the log`,
        href: `/api/ledger/entries/${latest.statementLeaf}/proof`,
      },
    },
    {
      id: 'share-returned-ever',
      label: 'Returned in all epochs shown',
      value: percent(share, revenue),
      definition: `The same over ${epochs.length === 1 ? 'the one closed epoch' : `the ${epochs.length} closed epochs`} listed below: ${dollars(share)} of ${dollars(revenue)}.`,
      proof: { label: 'list of all public files', href: '/public/epochs.json' },
    },
    correlationFigure(latest, file),
  ];
}

function correlationFigure({ correlation }: ReportedEpoch, proof: SuccessFigure['proof']): SuccessFigure {
  const kinds = correlation.kinds.map((kind) => KIND_WORDS[kind].toLowerCase()).join(', ');
  const scope =
    correlation.kinds.length === 0
      ? 'In this epoch no kind was paid by both rules, so it is not defined.'
      : `Here: ${correlation.pairs} pairs of ${kinds}${correlation.ppm === null ? '; with fewer than three pairs, or with no difference between them, it is not defined' : ''}.`;
  return {
    id: 'correlation',
    label: 'Correlation of contribution and earnings',
    value: correlation.ppm === null ? 'not defined' : decimal(correlation.ppm / 1_000n, 3),
    definition: `Spearman's rank correlation over pairs (kind, pseudonym) of every kind in which some money followed use and some followed merit: the pseudonym's part of the kind's verified merit (weights of its merit row) against its part of the kind's money (all its rows, before any cap). Ties share the mean of their ranks; computed on integers, the one division at the end rounded toward zero. +1: who contributed more earned more, throughout. ${scope}`,
    proof,
  };
}
