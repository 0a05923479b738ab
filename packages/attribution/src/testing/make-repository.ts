import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../git/git.ts';

export interface CommitPlan {
  readonly author: string;
  /** Default: the author's name at example.org. */
  readonly email?: string;
  readonly message?: string;
  /** Seconds since 1970; default: one day after the commit before. */
  readonly atSeconds?: number;
  /** Path → content; `null` deletes. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  /** Numbers of parent commits in the plan; default: the one before. */
  readonly parents?: readonly number[];
}

/** Makes a bare repository with exactly these commits, the last one as head of `main`. */
export async function makeRepository(plan: readonly CommitPlan[], parent = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(parent, 'repository-'));
  await mkdir(directory, { recursive: true });
  await git(['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  const chunks: Uint8Array[] = [];
  plan.forEach((commit, index) => {
    writeCommit(chunks, commit, index);
  });
  chunks.push(Buffer.from(`reset refs/heads/main\nfrom :${plan.length}\n\n`));
  await git([`--git-dir=${directory}`, 'fast-import', '--quiet', '--force'], Buffer.concat(chunks));
  return directory;
}

function writeCommit(chunks: Uint8Array[], commit: CommitPlan, index: number): void {
  const say = (text: string): void => {
    chunks.push(Buffer.from(text));
  };
  const who = `${commit.author} <${commit.email ?? emailOf(commit.author)}> ${commit.atSeconds ?? 1_600_000_000 + index * 86_400} +0000`;
  say(`commit refs/heads/work\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n`);
  sayData(chunks, Buffer.from(commit.message ?? `Commit ${index}`));
  const parents = commit.parents ?? (index === 0 ? [] : [index - 1]);
  parents.forEach((parent, i) => {
    say(`${i === 0 ? 'from' : 'merge'} :${parent + 1}\n`);
  });
  for (const [path, content] of Object.entries(commit.files)) {
    if (content === null) say(`D ${path}\n`);
    else {
      say(`M 100644 inline ${path}\n`);
      sayData(chunks, Buffer.from(content));
    }
  }
  say('\n');
}

function sayData(chunks: Uint8Array[], bytes: Uint8Array): void {
  chunks.push(Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n'));
}

export function emailOf(author: string): string {
  return `${author.toLowerCase().replaceAll(' ', '.')}@example.org`;
}

/** A folder for one test file's repositories, removed by `remove`. */
export async function makeTemporary(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'jamnet-attribution-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
