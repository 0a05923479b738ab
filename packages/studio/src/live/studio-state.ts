/** What the page shows, as one value. Amounts are decimal strings of the smallest unit; delays are milliseconds. */
export interface StudioState {
  readonly version: string;
  readonly evening: EveningView;
  readonly peers: readonly PeerView[];
  readonly takes: readonly TakeView[];
  readonly nodes: readonly NodeView[];
  readonly tasks: readonly TaskView[];
  readonly groove: GrooveView | null;
  readonly contributions: readonly ContributionView[];
  readonly contributionCounts: Readonly<Record<ContributionKindName, number>>;
  readonly epoch: EpochView | null;
  readonly votes: readonly VoteView[];
  readonly ledger: LedgerView;
  readonly audit: AuditView | null;
}

export type ContributionKindName = 'music' | 'code' | 'compute' | 'curation';
export type SpanFate = 'recovered' | 'concealed' | 'late' | 'lost' | 'repaired';
export type TakeVariant = 'sent' | 'heard' | 'repaired';

export interface StepView {
  readonly name: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** 0..1. */
  readonly progress: number;
  readonly detail: string;
}

export interface EveningView {
  readonly state: 'off' | 'running' | 'done' | 'failed';
  /** Where the evening runs faster than real time, and how much. */
  readonly speedUp: string;
  readonly steps: readonly StepView[];
}

export interface PeerView {
  readonly id: string;
  readonly name: string;
  readonly room: string;
  /** Who this peer hears on the link described. */
  readonly hearing: string;
  readonly delayMsP50: number;
  readonly delayMsP99: number;
  readonly packets: number;
  readonly lost: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly bufferMs: number;
}

export interface TakeSpanView {
  readonly atSample: number;
  readonly frames: number;
  readonly fate: SpanFate;
}

export interface TakeView {
  readonly id: string;
  readonly player: string;
  readonly from: string;
  readonly seconds: number;
  readonly sampleRateHz: number;
  readonly packets: number;
  readonly lost: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly late: number;
  readonly delayMsP50: number;
  readonly delayMsP99: number;
  readonly spans: readonly TakeSpanView[];
  readonly variants: readonly TakeVariant[];
}

export interface NodeView {
  readonly id: string;
  readonly name: string;
  readonly state: 'idle' | 'working' | 'banned' | 'offline';
  readonly verified: number;
  readonly rejected: number;
  readonly workUnits: string;
  readonly lastRefusal: string | null;
}

export interface TaskView {
  readonly id: string;
  readonly kind: string;
  readonly state: 'queued' | 'leased' | 'checking' | 'verified' | 'rejected';
  readonly node: string | null;
  readonly reason: string | null;
}

export interface GrooveHostView {
  readonly node: string;
  readonly forecaster: string;
  readonly committed: number;
  readonly late: number;
  readonly timingSkillPercent: number | null;
  readonly velocitySkillPercent: number | null;
}

export interface GrooveView {
  readonly performance: string;
  readonly bars: number;
  readonly barsDone: number;
  readonly hosts: readonly GrooveHostView[];
}

export interface ContributionView {
  readonly id: string;
  readonly kind: ContributionKindName;
  readonly meter: string;
  readonly subject: string;
  readonly merit: string;
  readonly payees: readonly { readonly payee: string; readonly weight: string }[];
}

export interface WalletView {
  readonly payee: string;
  readonly label: string;
  readonly kinds: readonly string[];
  readonly amountMicroJam: string;
  /** Null on a studio that is reached from outside: what an epoch paid is public, what somebody has is theirs. */
  readonly balanceMicroJam: string | null;
  readonly worthCents: string | null;
}

export interface EpochView {
  readonly id: string;
  readonly state: 'open' | 'closed';
  /** Moment whose figures of an open epoch these are, UTC µs; null: they are final. */
  readonly asOfUs: string | null;
  readonly revenueCents: string;
  readonly contributorShareCents: string;
  readonly issuedMicroJam: string;
  readonly unitPriceText: string;
  readonly byKind: readonly { readonly kind: string; readonly amountMicroJam: string }[];
  readonly wallets: readonly WalletView[];
}

export interface VoteView {
  readonly clip: string;
  readonly chosen: 'repaired' | 'unrepaired';
  readonly curator: string;
  /** How the vote came about: in the sample a stated objective rule, never a person. */
  readonly rule: string;
}

export interface LedgerView {
  readonly size: number;
  readonly origin: string;
  readonly vkey: string;
  readonly checkpoint: string;
}

export interface AuditCheckView {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface AuditView {
  readonly verdict: 'ok' | 'failed';
  readonly witnessed: boolean;
  readonly checks: readonly AuditCheckView[];
}
