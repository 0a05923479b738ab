import { createHash } from 'node:crypto';
import type { CodeSummary, DependencyShare, FileSummary, PersonSummary } from '@jamnet/attribution';
import { ok, type Result, refuse } from '@jamnet/base';
import type { Page, PageRequest } from '../paging/page.ts';
import { pageOfList } from '../paging/page-of-list.ts';
import { CodeFolder } from './code-folder.ts';
import { type MirroredRepository, readRepositories, slugOf } from './mirrored-repositories.ts';

/** A repository as everybody may know it; counts are null while it was not read yet. */
export interface CodeRepository {
  readonly slug: string;
  readonly repository: string;
  /** It is on the operator's list with a workload, by which use is measured. */
  readonly isMeasured: boolean;
  readonly read: {
    readonly head: string;
    readonly commits: number;
    readonly statements: number;
    readonly people: number;
    readonly files: number;
    /** Commits whose statements changed no output; null: that was not looked at. */
    readonly heldBack: number | null;
    /** Repositories of packages that ran; null: their use was not counted. */
    readonly packages: number | null;
    /** Why nothing earns. */
    readonly problem: string | null;
  } | null;
}

/** What a list of a repository's parts holds. */
export interface CodeParts {
  readonly files: FileSummary;
  readonly people: PersonSummary;
  readonly packages: Pick<DependencyShare, 'repository' | 'packages' | 'isDirect' | 'share'>;
}

/** Repositories whose code is read here, page by page: those on the operator's list, and those of which a picture is left. */
export class RepositoryList {
  readonly #dataDirectory: string;
  readonly #folder: CodeFolder;

  constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory;
    this.#folder = new CodeFolder(dataDirectory);
  }

  /** By slug. */
  page(request: PageRequest): Result<Page<CodeRepository>> {
    const listed = readRepositories(this.#dataDirectory);
    if (!listed.ok) return listed;
    const bySlug = new Map(listed.value.map((one) => [slugOf(one.repository), one]));
    const slugs = [...new Set([...bySlug.keys(), ...this.#folder.slugs()])].sort();
    const page = pageOfList(slugs, request, (slug) => slug);
    if (!page.ok) return page;
    // Pictures are large: only those of the page are read.
    const rows = page.value.rows.map((slug) => this.#view(slug, bySlug.get(slug)));
    return ok({ rows, next: page.value.next });
  }

  one(slug: string): Result<CodeRepository> {
    const listed = readRepositories(this.#dataDirectory);
    if (!listed.ok) return listed;
    const found = listed.value.find(({ repository }) => slugOf(repository) === slug);
    return found === undefined && this.#folder.summary(slug) === null ? UNKNOWN : ok(this.#view(slug, found));
  }

  /** Its people, files or packages by share, largest first. */
  parts<K extends keyof CodeParts>(slug: string, kind: K, request: PageRequest): Result<Page<CodeParts[K]>> {
    const summary = this.#folder.summary(slug);
    if (summary === null) return UNKNOWN;
    // The table has for each kind its own rows.
    const rows = LISTS[kind](summary) as readonly CodeParts[K][];
    return pageOfList(rows, request, KEYS[kind] as (row: CodeParts[K]) => string);
  }

  #view(slug: string, listed: MirroredRepository | undefined): CodeRepository {
    const summary = this.#folder.summary(slug);
    const repository = listed?.repository ?? summary?.repository ?? slug;
    const isMeasured = (listed?.workloadFile ?? null) !== null;
    return { slug, repository, isMeasured, read: summary === null ? null : readOf(summary) };
  }
}

const UNKNOWN = refuse('code-unknown', 'No repository of this name was read here yet.');

const LISTS: { readonly [K in keyof CodeParts]: (summary: CodeSummary) => readonly CodeParts[K][] } = {
  files: ({ files }) => files,
  people: ({ people }) => people,
  packages: ({ dependencies }) =>
    dependencies.map(({ repository, packages, isDirect, share }) => ({
      ...{ repository, packages, isDirect, share },
    })),
};

const KEYS: { readonly [K in keyof CodeParts]: (row: CodeParts[K]) => string } = {
  // Paths may be longer than what a page's “next” may hold.
  files: ({ path }) => createHash('sha256').update(path).digest('hex').slice(0, 32),
  people: ({ id }) => id,
  packages: ({ repository }) => repository,
};

function readOf(summary: CodeSummary): CodeRepository['read'] {
  const { head, commits, statements, people, files, gated, gate, dependencies, dependencyUse, problem } =
    summary;
  return {
    ...{ head, commits, statements, problem },
    people: people.length,
    files: files.length,
    heldBack: gate === 'run' ? gated.length : null,
    packages: dependencyUse === 'run' ? dependencies.length : null,
  };
}
