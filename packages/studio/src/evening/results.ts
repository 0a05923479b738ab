import type { Workload } from '@jamnet/attribution';
import { assert } from '@jamnet/base';
import type { FiledTake } from '../takes/file-takes.ts';

/** What each step leaves for the later ones and for the report; JSON, written to the diary. */
export interface EveningResults {
  open: OpenResult;
  play: PlayResult;
  mesh: MeshResult;
  code: CodeResult;
  curate: CurateResult;
  revenue: RevenueResult;
  close: CloseResult;
  redeem: RedeemResult;
  audit: AuditResult;
}

export interface OpenResult {
  readonly epochId: string;
  readonly policySha256: string;
  /** What the code step replays, as pinned by the policy's hash. */
  readonly workload: Workload;
  /** The commit that is attributed, so that a checkout that moves on in the middle changes nothing; null without a git history. */
  readonly codeRevision: string | null;
}

export interface PlayResult {
  readonly takes: readonly FiledTake[];
  readonly musicContributions: number;
}

export interface MeshResult {
  readonly verified: number;
  readonly rejected: number;
  readonly liarCaught: boolean;
  readonly computeContributions: number;
}

export interface CodeResult {
  readonly head: string;
  readonly commits: number;
  readonly statements: number;
  readonly codeContributions: number;
}

export interface CurateResult {
  readonly pairs: number;
  readonly curationContributions: number;
}

export interface RevenueResult {
  readonly receipts: number;
  readonly valuationCents: string;
}

export interface CloseResult {
  readonly revenueCents: string;
  readonly contributorShareCents: string;
  readonly issuedMicroJam: string;
  readonly contributors: number;
}

export interface RedeemResult {
  readonly payee: string;
  readonly amountMicroJam: string;
  readonly status: string;
}

export interface AuditResult {
  readonly verdict: 'ok' | 'failed';
  readonly witnessed: boolean;
  readonly failed: readonly string[];
}

/** The one JSON object of `jamnet up --once --json`. Amounts that fit a double exactly are numbers. */
export interface EveningReport {
  readonly takes: readonly Omit<FiledTake, 'player' | 'from'>[];
  readonly tasks: { readonly verified: number; readonly rejected: number };
  readonly contributions: {
    readonly music: number;
    readonly code: number;
    readonly compute: number;
    readonly curation: number;
  };
  readonly epoch: {
    readonly revenueCents: number;
    readonly contributorShareCents: number;
    readonly issuedMicroJam: number;
    readonly contributors: number;
  };
  readonly liarCaught: boolean;
  readonly audit: 'ok' | 'failed';
}

/** Amounts of the sample fit a double exactly; should they ever not, that is our mistake. */
function exactNumber(digits: string): number {
  const value = Number(digits);
  assert(Number.isSafeInteger(value), 'an amount of the report fits a JSON number');
  return value;
}

export function reportOf(results: EveningResults): EveningReport {
  const { play, mesh, code, curate, close, audit } = results;
  return {
    takes: play.takes.map(({ player: _player, from: _from, ...take }) => take),
    tasks: { verified: mesh.verified, rejected: mesh.rejected },
    contributions: {
      music: play.musicContributions,
      code: code.codeContributions,
      compute: mesh.computeContributions,
      curation: curate.curationContributions,
    },
    epoch: {
      revenueCents: exactNumber(close.revenueCents),
      contributorShareCents: exactNumber(close.contributorShareCents),
      issuedMicroJam: exactNumber(close.issuedMicroJam),
      contributors: close.contributors,
    },
    liarCaught: mesh.liarCaught,
    audit: audit.verdict,
  };
}
