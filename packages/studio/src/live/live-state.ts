import type { ContributionView, EveningView, StudioState } from './studio-state.ts';

/** Lists on the page show the latest of each; the whole is in the stores. */
export const LIST_LENGTH_MAX = 200;
/** Pages that may watch at once. */
export const WATCHERS_MAX = 100;

type Watcher = () => void;

/** The page's state over time: changed piece by piece, watched by the event streams. */
export class LiveState {
  #state: StudioState;
  readonly #watchers = new Set<Watcher>();

  /** `remembered`: what an earlier process of this studio showed last. */
  constructor(version: string, remembered: Partial<StudioState> = {}) {
    this.#state = { ...emptyState(version), ...remembered, version };
  }

  get current(): StudioState {
    return this.#state;
  }

  update(change: Partial<StudioState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of this.#watchers) watcher();
  }

  updateEvening(change: Partial<EveningView>): void {
    this.update({ evening: { ...this.#state.evening, ...change } });
  }

  /** Adds contributions to the counts and to the end of the list; one that is shown already is not counted again. */
  addContributions(added: readonly ContributionView[]): void {
    const shown = new Set(this.#state.contributions.map(({ id }) => id));
    const fresh = added.filter(({ id }) => !shown.has(id));
    const counts = { ...this.#state.contributionCounts };
    for (const contribution of fresh) counts[contribution.kind]++;
    const contributions = [...this.#state.contributions, ...fresh].slice(-LIST_LENGTH_MAX);
    this.update({ contributions, contributionCounts: counts });
  }

  /** Calls `watcher` after each change; answers null when too many watch already. */
  watch(watcher: Watcher): (() => void) | null {
    if (this.#watchers.size >= WATCHERS_MAX) return null;
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

function emptyState(version: string): StudioState {
  return {
    version,
    evening: { state: 'off', speedUp: '', steps: [] },
    peers: [],
    takes: [],
    nodes: [],
    tasks: [],
    groove: null,
    contributions: [],
    contributionCounts: { music: 0, code: 0, compute: 0, curation: 0 },
    epoch: null,
    votes: [],
    ledger: { size: 0, origin: '', vkey: '', checkpoint: '' },
    audit: null,
  };
}
