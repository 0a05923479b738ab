import { ok, type Result, refuse } from '@jamnet/base';
import { networkOf } from './network-of.ts';
import type { ContributionView, EveningView, StudioState } from './studio-state.ts';

/** Lists on the page show the latest of each; the whole is in the stores. */
export const LIST_LENGTH_MAX = 200;
/** Pages that may watch at once, and those of them from one address: a household's, and nobody takes all places. */
export const WATCHERS_MAX = 100;
export const WATCHERS_PER_ADDRESS_MAX = 16;

type Watcher = () => void;
export type WatchCode = 'too-many-watchers' | 'too-many-watchers-here';

/** The page's state over time: changed piece by piece, watched by the event streams. */
export class LiveState {
  #state: StudioState;
  /** Each with the address it watches from. */
  readonly #watchers = new Map<Watcher, string>();

  /** `remembered`: what an earlier process of this studio showed last. */
  constructor(version: string, remembered: Partial<StudioState> = {}) {
    this.#state = { ...emptyState(version), ...remembered, version };
  }

  get current(): StudioState {
    return this.#state;
  }

  update(change: Partial<StudioState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of this.#watchers.keys()) watcher();
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

  /** Calls `watcher` after each change; a refusal when too many watch already, in all or from the IP address `from`. */
  watch(watcher: Watcher, from: string): Result<() => void, WatchCode> {
    const address = networkOf(from);
    const near = [...this.#watchers.values()].filter((each) => each === address).length;
    if (near >= WATCHERS_PER_ADDRESS_MAX)
      return refuse(
        'too-many-watchers-here',
        `From where you are ${WATCHERS_PER_ADDRESS_MAX} pages watch already: close one of them.`,
      );
    if (this.#watchers.size >= WATCHERS_MAX)
      return refuse('too-many-watchers', 'Too many pages watch already; try again later.');
    this.#watchers.set(watcher, address);
    return ok(() => this.#watchers.delete(watcher));
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
