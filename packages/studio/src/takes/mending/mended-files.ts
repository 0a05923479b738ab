import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PLAN = '.mending';
const REPAIRED = '.repaired';

/** What hosts were asked to mend, and what came of it, in files beside the archive's takes. */
export class MendedFiles {
  readonly #takes: string;

  /** `takes`: the folder of the takes, which is there. */
  constructor(takes: string) {
    this.#takes = takes;
  }

  /** Which of these takes nobody has looked at yet. */
  unplanned(ids: readonly string[]): string[] {
    const planned = new Set(this.planned());
    return ids.filter((id) => !planned.has(id));
  }

  /** Ids of takes that were looked at, also of those that are gone, sorted. */
  planned(): string[] {
    return this.#names(PLAN)
      .map((name) => name.slice(0, -PLAN.length))
      .sort();
  }

  /** Where is noted what hosts were asked to mend in a take. It outlives the take: by it they are made to forget. */
  planFile(id: string): string {
    return join(this.#takes, `${id}${PLAN}`);
  }

  forgetPlan(id: string): void {
    rmSync(this.planFile(id), { force: true });
  }

  /** Where the repaired version of a take stands, or would. */
  path(id: string, sha256: string): string {
    return join(this.#takes, `${id}.${sha256}${REPAIRED}`);
  }

  file(id: string, sha256: string): string | null {
    const path = this.path(id, sha256);
    return existsSync(path) ? path : null;
  }

  /** Id of the take whose repaired version has this hash; null where there is none. */
  takeOf(sha256: string): string | null {
    const name = this.#names(REPAIRED).find((each) => each.endsWith(`.${sha256}${REPAIRED}`));
    return name?.slice(0, name.indexOf('.')) ?? null;
  }

  /** All repaired versions of a take, besides one that may stay. */
  remove(id: string, besides = ''): void {
    for (const name of this.#names(REPAIRED))
      if (name.startsWith(`${id}.`) && name !== `${id}.${besides}${REPAIRED}`)
        rmSync(join(this.#takes, name), { force: true });
  }

  #names(ending: string): string[] {
    return readdirSync(this.#takes).filter((name) => name.endsWith(ending));
  }
}
