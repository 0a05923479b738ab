import { SHARE_PARTS } from '../core/shares.ts';
import type { Place, WeighedStatement } from '../core/weigh.ts';
import type { AttributionReport } from '../report.ts';

/** Earning statements shown of one person, and marks of one file. */
export const STATEMENTS_SHOWN_MAX = 300;
export const MARKS_MAX = 20_000;

/** A stretch of lines with who owns it and what it earns. */
export interface CodeMark {
  readonly startLine: number;
  readonly endLine: number;
  /** Ids of its owners, author first; empty when a bot wrote it. */
  readonly people: readonly string[];
  readonly commit: string;
  readonly uses: number;
  /** Out of 10⁹ of all that this repository's code earns, rounded down. A copy shows 0: one place is paid. */
  readonly share: number;
  readonly isGated: boolean;
}

export interface FileSummary {
  readonly path: string;
  readonly statements: number;
  /** Sum of the shares of its marks. */
  readonly share: number;
  /** Who owns most of what earns here; `null` when nothing earns. */
  readonly owner: string | null;
}

export interface FilePicture extends FileSummary {
  readonly lines: readonly string[];
  readonly marks: readonly CodeMark[];
}

export interface EarningStatement extends CodeMark {
  readonly path: string;
  /** Its first line, without indentation. */
  readonly text: string;
}

/** Name and figures of a person; addresses stay out of what is shown. */
export interface PersonSummary {
  readonly id: string;
  readonly name: string;
  readonly share: number;
  readonly statements: number;
}

export interface PersonPicture extends PersonSummary {
  /** What earns most, first. */
  readonly earning: readonly EarningStatement[];
}

export interface CodeSummary
  extends Pick<
    AttributionReport,
    | 'repository'
    | 'head'
    | 'commits'
    | 'statements'
    | 'gated'
    | 'gate'
    | 'dependencies'
    | 'dependencyUse'
    | 'toolVersion'
    | 'inputHash'
  > {
  /** Why nothing earns, in words; `null` when something does. */
  readonly problem: string | null;
  readonly people: readonly PersonSummary[];
  /** By share, largest first. */
  readonly files: readonly FileSummary[];
}

export interface CodePicture {
  readonly summary: CodeSummary;
  readonly files: readonly FilePicture[];
  readonly people: readonly PersonPicture[];
}

/** What a page needs to show a repository's code with its owners and its heat. `texts`: sources at the head, by path. */
export function drawPicture(
  report: AttributionReport,
  statements: readonly WeighedStatement[],
  texts: ReadonlyMap<string, string>,
): CodePicture {
  const marks = marksByPath(statements);
  const files = [...texts]
    .map(([path, text]) => fileOf(path, text, marks.get(path) ?? []))
    .sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1));
  const people = report.people.map(
    ({ id, name, share, statements: count }): PersonPicture => ({
      id,
      name,
      share,
      statements: count,
      earning: earningOf(id, files),
    }),
  );
  const { repository, head, commits, gated, gate, dependencies, dependencyUse } = report;
  return {
    files,
    people,
    summary: {
      ...{ repository, head, commits, statements: report.statements },
      ...{ gated, gate, dependencies, dependencyUse },
      ...{ toolVersion: report.toolVersion, inputHash: report.inputHash },
      ...{ problem: report.evidence.problem?.message ?? null },
      people: people.map(({ earning: _, ...person }) => person),
      files: files.map(({ lines: _, marks: __, ...file }) => file),
    },
  };
}

function marksByPath(statements: readonly WeighedStatement[]): Map<string, CodeMark[]> {
  const earning = statements.filter((one) => one.people.length > 0);
  const total = earning.reduce((sum, one) => sum + one.weight, 0n);
  const marks = new Map<string, CodeMark[]>();
  for (const one of statements) {
    const { people, commit, uses, isGated } = one;
    const isPaid = total > 0n && people.length > 0;
    one.places.forEach(({ path, startLine, endLine }: Place, index) => {
      const share = isPaid && index === 0 ? Number((SHARE_PARTS * one.weight) / total) : 0;
      const list = marks.get(path) ?? [];
      list.push({ startLine, endLine, people, commit, uses, share, isGated });
      marks.set(path, list);
    });
  }
  return marks;
}

function fileOf(path: string, text: string, found: readonly CodeMark[]): FilePicture {
  const marks = [...found]
    .sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine)
    .slice(0, MARKS_MAX);
  const share = marks.reduce((sum, mark) => sum + mark.share, 0);
  return { path, statements: marks.length, share, owner: ownerOf(marks), lines: text.split(/\r?\n/), marks };
}

function ownerOf(marks: readonly CodeMark[]): string | null {
  const sums = new Map<string, number>();
  for (const { people, share } of marks) {
    const [first] = people;
    if (first !== undefined && share > 0) sums.set(first, (sums.get(first) ?? 0) + share);
  }
  const [largest] = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return largest?.[0] ?? null;
}

function earningOf(person: string, files: readonly FilePicture[]): EarningStatement[] {
  const found: EarningStatement[] = [];
  for (const { path, marks, lines } of files) {
    for (const mark of marks) {
      if (mark.share === 0 || !mark.people.includes(person)) continue;
      found.push({ ...mark, path, text: (lines[mark.startLine - 1] ?? '').trim().slice(0, 200) });
    }
  }
  found.sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1) || a.startLine - b.startLine);
  return found.slice(0, STATEMENTS_SHOWN_MAX);
}
