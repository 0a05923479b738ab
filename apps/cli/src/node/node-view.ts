/** The part of a terminal that the view needs. */
export interface ViewOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Status lines redrawn in place below the events that scroll by. A log or a pipe gets the events alone. */
export class NodeView {
  readonly #output: ViewOutput;
  #lines: readonly string[] = [];

  constructor(output: ViewOutput) {
    this.#output = output;
  }

  /** An event, above the status. */
  tell(text: string): void {
    if (text === '') return;
    const shown = this.#lines;
    this.#clear();
    this.#output.write(text);
    this.show(shown);
  }

  show(lines: readonly string[]): void {
    if (!this.#output.isTTY) return;
    this.#clear();
    const width = (this.#output.columns ?? 100) - 1;
    this.#lines = lines;
    this.#output.write(lines.map((line) => `${line.slice(0, width)}\n`).join(''));
  }

  #clear(): void {
    if (this.#lines.length > 0) this.#output.write(`\u001b[${this.#lines.length}A\u001b[J`);
    this.#lines = [];
  }
}
