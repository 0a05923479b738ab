/** Chapters of the documentation in their order, by group. A chapter’s id stands in its address and never changes. */
export const GROUPS = [
  { group: 'start', chapters: ['start', 'musician', 'host', 'developer', 'curator'] },
  { group: 'understand', chapters: ['formulas', 'verify'] },
  { group: 'specifications', chapters: ['toast', 'jdat', 'log', 'groove', 'validation'] },
] as const;

export type Chapter = (typeof GROUPS)[number]['chapters'][number];
export const CHAPTERS: readonly Chapter[] = GROUPS.flatMap(({ chapters }) => chapters);

/** Specifications are English only, and one with the packages: these very files are shown. Paths from the root of the repository. */
export const SPECIFICATIONS = {
  toast: 'packages/toast/SPEC.md',
  jdat: 'packages/jdat/SPEC.md',
  log: 'packages/ledger/SPEC.md',
  groove: 'packages/groove/README.md',
  validation: 'packages/mesh/VALIDATION.md',
} as const satisfies Partial<Record<Chapter, string>>;

export type Specification = keyof typeof SPECIFICATIONS;
export type Guide = Exclude<Chapter, Specification>;

export function isSpecification(chapter: Chapter): chapter is Specification {
  return Object.hasOwn(SPECIFICATIONS, chapter);
}

export interface Place {
  readonly chapter: Chapter;
  /** Id of the heading, with its chapter before it; `null` for the chapter’s beginning. */
  readonly heading: string | null;
}

/** What an address names after its #, `toast/3-keys`; the first chapter where it names none. */
export function placeOf(hash: string): Place {
  const [, name = '', rest = ''] = /^#([a-z]+)(?:\/(.*))?$/s.exec(hash) ?? [];
  const chapter = CHAPTERS.find((one) => one === name);
  if (chapter === undefined) return { chapter: CHAPTERS[0] ?? 'start', heading: null };
  return { chapter, heading: rest === '' ? null : `${chapter}/${rest}` };
}
