import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../config/write-whole.ts';
import type { TickSum } from './tick-sum.ts';

/** Profiles of one month that are read; a studio writes one for each principal and revision. */
export const MONTH_PROFILES_MAX = 1_000;

/** What a principal's sessions ran of one revision in one month; a `jamnet/profile/v1` document but for what they paid. */
export interface StoredProfile {
  readonly principal: string;
  /** Full id of the commit that ran. */
  readonly revision: string;
  readonly files: Readonly<Record<string, readonly (readonly [line: number, ticks: number])[]>>;
}

/** Profiles in the data directory: `code/profiles/YYYY-MM/HASH.json`. The file's name does not tell who it is about. */
export class ProfileFolder {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'code', 'profiles');
  }

  /** What a principal and revision have in a month; `null`: nothing yet. */
  read(month: string, principal: string, revision: string): StoredProfile | null {
    const file = join(this.#directory, month, nameOf(principal, revision));
    return existsSync(file) ? readStored(file) : null;
  }

  write(month: string, principal: string, revision: string, sum: TickSum): void {
    const stored: StoredProfile = { principal, revision, files: sum.rows() };
    writeWhole(join(this.#directory, month, nameOf(principal, revision)), JSON.stringify(stored), 0o600);
  }

  ofMonth(month: string): StoredProfile[] {
    const folder = join(this.#directory, month);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names
      .sort()
      .slice(0, MONTH_PROFILES_MAX)
      .map((name) => readStored(join(folder, name)));
  }
}

function readStored(file: string): StoredProfile {
  // Written by `write` above; the attribution checks the rows once more.
  return JSON.parse(readFileSync(file, 'utf8')) as StoredProfile;
}

function nameOf(principal: string, revision: string): string {
  return `${createHash('sha256').update(`${principal}\n${revision}`).digest('hex').slice(0, 32)}.json`;
}
