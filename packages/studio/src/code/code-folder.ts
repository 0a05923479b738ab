import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodePicture, CodeSummary, FilePicture, PersonPicture } from '@jamnet/attribution';
import { slugOf } from './mirrored-repositories.ts';

/** Repositories shown at most. */
export const SHOWN_MAX = 200;

/** Pictures of code on the disk, a folder for each repository with one small file for each page: a page reads no more than it shows. */
export class CodeFolder {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'code', 'pictures');
  }

  /** Replaces a repository's picture. Made aside and renamed: a reader sees the old one or the new one. */
  write({ summary, files, people }: CodePicture): void {
    const final = join(this.#directory, slugOf(summary.repository));
    const fresh = `${final}.${process.pid}.new`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(join(fresh, 'files'), { recursive: true });
    mkdirSync(join(fresh, 'people'));
    writeFileSync(join(fresh, 'summary.json'), JSON.stringify(summary));
    for (const file of files)
      writeFileSync(join(fresh, 'files', `${nameOf(file.path)}.json`), JSON.stringify(file));
    for (const person of people)
      writeFileSync(join(fresh, 'people', `${nameOf(person.id)}.json`), JSON.stringify(person));
    rmSync(final, { recursive: true, force: true });
    renameSync(fresh, final);
  }

  /** Slugs of the repositories that have a picture. */
  slugs(): string[] {
    if (!existsSync(this.#directory)) return [];
    const names = readdirSync(this.#directory).filter((name) => !name.endsWith('.new'));
    return names.sort().slice(0, SHOWN_MAX);
  }

  summary(slug: string): CodeSummary | null {
    const summary = this.#read<CodeSummary>(slug, 'summary.json');
    return summary === null ? null : withSteps(summary);
  }

  file(slug: string, path: string): FilePicture | null {
    return this.#read(slug, 'files', `${nameOf(path)}.json`);
  }

  person(slug: string, id: string): PersonPicture | null {
    return this.#read(slug, 'people', `${nameOf(id)}.json`);
  }

  #read<T>(slug: string, ...parts: readonly string[]): T | null {
    if (!/^[a-z0-9._-]{1,300}$/.test(slug) || slug.startsWith('.')) return null;
    const file = join(this.#directory, slug, ...parts);
    // Written by `write` above and by nobody else.
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
  }
}

/** Pictures of a version that wrote `not run` in place of a list say so in words of their own. */
function withSteps(summary: CodeSummary): CodeSummary {
  const { gated, dependencies } = summary;
  return {
    ...summary,
    ...(Array.isArray(gated) ? {} : { gated: [], gate: 'not-run' }),
    ...(Array.isArray(dependencies) ? {} : { dependencies: [], dependencyUse: 'not-run' }),
  };
}

/** Paths of a repository are hostile: a file is named after the hash of what it shows. */
function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
