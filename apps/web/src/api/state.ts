import type { Kind } from './kinds.ts';

/**
 * What the studio tells the page: the whole of it, several times a second at most. Amounts are decimal strings of
 * smallest units (µJAM, cents), because JSON numbers would round them.
 */
export interface StudioState {
  readonly version: string;
  readonly evening: Evening;
  readonly peers: readonly Peer[];
  readonly takes: readonly Take[];
  readonly nodes: readonly MeshNode[];
  readonly tasks: readonly MeshTask[];
  readonly groove: Groove | null;
  readonly contributions: readonly ContributionRow[];
  readonly contributionCounts: Readonly<Record<Kind, number>>;
  readonly epoch: Epoch | null;
  readonly votes: readonly Vote[];
  readonly ledger: LedgerHead;
  readonly audit: Audit | null;
}

export interface Evening {
  readonly state: 'off' | 'running' | 'done' | 'failed';
  readonly speedUp: string;
  readonly steps: readonly EveningStep[];
}

/** `progress` runs from 0 to 1. */
export interface EveningStep {
  readonly name: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly progress: number;
  readonly detail: string;
}

/** One direction: what `name` hears of `hearing`. Delays are one way, capture to ear. */
export interface Peer {
  readonly id: string;
  readonly name: string;
  readonly room: string;
  readonly hearing: string;
  readonly delayMsP50: number;
  readonly delayMsP99: number;
  readonly packets: number;
  readonly lost: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly bufferMs: number;
}

export type Fate = 'recovered' | 'concealed' | 'late' | 'lost' | 'repaired';
export type Variant = 'sent' | 'heard' | 'repaired';

/** A stretch `[atSample, atSample + frames)` of a take that did not arrive as it was sent. */
export interface Span {
  readonly atSample: number;
  readonly frames: number;
  readonly fate: Fate;
}

export interface Take {
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
  readonly spans: readonly Span[];
  readonly variants: readonly Variant[];
}

export interface MeshNode {
  readonly id: string;
  readonly name: string;
  readonly state: 'idle' | 'working' | 'banned' | 'offline';
  readonly verified: number;
  readonly rejected: number;
  readonly workUnits: string;
  readonly lastRefusal: string | null;
}

export type TaskState = 'queued' | 'leased' | 'checking' | 'verified' | 'rejected';

export interface MeshTask {
  readonly id: string;
  readonly kind: string;
  readonly state: TaskState;
  readonly node: string | null;
  readonly reason: string | null;
}

export interface Groove {
  readonly performance: string;
  readonly bars: number;
  readonly barsDone: number;
  readonly hosts: readonly GrooveHost[];
}

export interface GrooveHost {
  readonly node: string;
  readonly forecaster: string;
  readonly committed: number;
  readonly late: number;
  readonly timingSkillPercent: number | null;
  readonly velocitySkillPercent: number | null;
}

export interface ContributionRow {
  readonly id: string;
  readonly kind: Kind;
  readonly meter: string;
  readonly subject: string;
  readonly merit: string;
  readonly payees: readonly { readonly payee: string; readonly weight: string }[];
}

export interface Epoch {
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly revenueCents: string;
  readonly contributorShareCents: string;
  readonly issuedMicroJam: string;
  readonly unitPriceText: string;
  readonly byKind: readonly { readonly kind: string; readonly amountMicroJam: string }[];
  readonly wallets: readonly WalletRow[];
}

export interface WalletRow {
  readonly payee: string;
  readonly label: string;
  readonly kinds: readonly string[];
  readonly amountMicroJam: string;
  readonly balanceMicroJam: string;
  readonly worthCents: string;
}

export interface Vote {
  readonly clip: string;
  readonly chosen: 'repaired' | 'unrepaired';
  readonly curator: string;
  readonly rule: string;
}

export interface LedgerHead {
  readonly size: number;
  readonly origin: string;
  readonly vkey: string;
  readonly checkpoint: string;
}

export interface Audit {
  readonly verdict: 'ok' | 'failed';
  readonly witnessed: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}
