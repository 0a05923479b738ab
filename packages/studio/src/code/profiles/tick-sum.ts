/** Lines of one principal and revision that are kept; ticks of further lines are counted as left out. */
export const TICK_LINES_MAX = 100_000;

/** Ticks by line, by path: what `linesOfCpuProfile` gives. */
export type LineTicks = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Sampled ticks of sessions, added up: nothing else of a session is kept, and no times. */
export class TickSum {
  readonly #files = new Map<string, Map<number, number>>();
  #lines = 0;
  #ticks = 0;
  #leftOut = 0;

  /** Of lines that are kept. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Of lines for which there was no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add(files: LineTicks): void {
    for (const [path, lines] of files) {
      for (const [line, ticks] of lines) this.#addLine(path, line, ticks);
    }
  }

  /** Rows of a `jamnet/profile/v1` document, in the order of paths and lines. */
  rows(): Record<string, (readonly [line: number, ticks: number])[]> {
    const paths = [...this.#files.keys()].sort();
    return Object.fromEntries(
      paths.map((path) => [path, [...(this.#files.get(path) ?? [])].sort(([a], [b]) => a - b)]),
    );
  }

  #addLine(path: string, line: number, ticks: number): void {
    if (ticks === 0) return;
    const lines = this.#files.get(path) ?? new Map<number, number>();
    const before = lines.get(line);
    if (before === undefined && this.#lines >= TICK_LINES_MAX) {
      this.#leftOut += ticks;
      return;
    }
    if (before === undefined) this.#lines += 1;
    lines.set(line, (before ?? 0) + ticks);
    this.#files.set(path, lines);
    this.#ticks += ticks;
  }
}
