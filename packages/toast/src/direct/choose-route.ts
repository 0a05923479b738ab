import { OVER_THE_RELAY, type Route } from '../peer/outbox.ts';
import { PATHS_USED_MAX } from './direct-limits.ts';
import type { DirectPath } from './direct-path.ts';
import type { PathTable } from './path-table.ts';

/** Chooses the members to whom sound goes straight: those whose paths are worth it, and of too many the ones that gain most. */
export class RouteChooser {
  readonly #paths: PathTable;
  readonly #used: DirectPath[] = [];

  constructor(paths: PathTable) {
    this.#paths = paths;
  }

  /** Good until the next call. */
  route(nowUs: number): Route {
    if (this.#paths.count === 0) return OVER_THE_RELAY;
    const used = this.#used;
    used.length = 0;
    // Also to one whom a restarted relay does not list yet: who is heard has not left.
    for (const path of this.#paths.all) if (path.isWorthwhile(nowUs)) used.push(path);
    if (used.length > PATHS_USED_MAX) {
      used.sort((a, b) => b.gainUs - a.gainUs);
      used.length = PATHS_USED_MAX;
    }
    let held = 0;
    let listed = 0;
    for (const path of used) {
      if (!path.isListed) continue;
      held |= 1 << path.member.seat;
      listed++;
    }
    return { direct: used, held, isRelayNeeded: listed === 0 || listed < this.#paths.listed };
  }
}
