/** The part of a terminal that progress needs. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressLine {
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** 0..1. */
  readonly progress: number;
  readonly detail: string;
}

const BAR_WIDTH = 24;

/**
 * One bar per step. On a terminal the running step's line is redrawn in place; elsewhere (a log, a pipe) each step
 * gets one line when it begins and one when it ends.
 */
export class ProgressBars {
  readonly #output: ProgressOutput;
  #shownStart = -1;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  show(line: ProgressLine, index: number, count: number): void {
    const label = `[${index + 1}/${count}] ${line.title}`;
    if (this.#output.isTTY) this.#redraw(line, label);
    else this.#log(line, label, index);
  }

  #redraw(line: ProgressLine, label: string): void {
    const text = `${label.padEnd(44)} ${bar(line.progress)} ${line.detail}`.slice(
      0,
      (this.#output.columns ?? 100) - 1,
    );
    this.#output.write(`\r\u001b[2K${text}${line.state === 'running' ? '' : '\n'}`);
  }

  #log(line: ProgressLine, label: string, index: number): void {
    if (line.state === 'running') {
      if (this.#shownStart === index) return;
      this.#shownStart = index;
      this.#output.write(`${label} …\n`);
    } else if (line.state !== 'waiting') {
      this.#output.write(`${label}: ${line.state}${line.detail ? `, ${line.detail}` : ''}\n`);
    }
  }
}

function bar(progress: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, progress)) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.round(progress * 100)).padStart(3)} %`;
}
