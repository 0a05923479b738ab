import type { CandidateKind } from './candidate.ts';
import type { DirectPath } from './direct-path.ts';

/** How sound goes to a member just now, as a player is shown it. */
export interface Way {
  readonly path: 'direct' | 'relay';
  /** What kind of address the direct path has; `null` while none is proved. */
  readonly via: CandidateKind | null;
  /** Round trips, µs, over the direct path (`null` while none is proved) and over the relay (`null` while not measured). */
  readonly directTripUs: number | null;
  readonly relayTripUs: number | null;
  /** Share of the probes to the member that were lost. */
  readonly lossShare: number;
  /** Times that sound went back to the relay. */
  readonly fallbacks: number;
}

export function wayOf(path: DirectPath | null, nowUs: number): Way {
  const best = path?.best ?? null;
  return {
    path: path?.isWorthwhile(nowUs) ? 'direct' : 'relay',
    via: best?.kind ?? null,
    directTripUs: finite(best?.tripUs),
    relayTripUs: finite(path?.relayTripUs),
    lossShare: best?.lossShare ?? 0,
    fallbacks: path?.fallbacks ?? 0,
  };
}

function finite(us: number | undefined): number | null {
  return us === undefined || !Number.isFinite(us) ? null : us;
}
