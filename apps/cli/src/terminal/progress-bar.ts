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
  readonly #nowMs: () => number;
  #shownStart = -1;
  #startedMs = 0;

  constructor(output: ProgressOutput, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
  }

  show(line: ProgressLine, index: number, count: number): void {
    if (index !== this.#shownStart) {
      this.#shownStart = index;
      this.#startedMs = this.#nowMs();
      if (!this.#output.isTTY && line.state === 'running')
        this.#output.write(`[${index + 1}/${count}] ${line.title} …\n`);
    }
    const label = `[${index + 1}/${count}] ${line.title}`;
    if (this.#output.isTTY) this.#redraw(line, label);
    else this.#log(line, label);
  }

  #redraw(line: ProgressLine, label: string): void {
    const text = `${label.padEnd(44)} ${bar(line.progress)} ${line.detail}`.slice(
      0,
      (this.#output.columns ?? 100) - 1,
    );
    this.#output.write(`\r\u001b[2K${text}${line.state === 'running' ? '' : '\n'}`);
  }

  #log(line: ProgressLine, label: string): void {
    if (line.state === 'running' || line.state === 'waiting') return;
    const seconds = ((this.#nowMs() - this.#startedMs) / 1000).toFixed(1);
    this.#output.write(
      `${label}: ${line.state} after ${seconds} s${line.detail ? `, ${line.detail}` : ''}\n`,
    );
  }
}

function bar(progress: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, progress)) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.round(progress * 100)).padStart(3)} %`;
}
