import { oneAfterAnother } from '@jamnet/base';
import { type ChildProgram, runChild } from '../processes/child-program.ts';
import type { CodeFinding } from './code-finding.ts';
import type { ReadCodeOptions } from './read-code-main.ts';

export type ReadOutcome =
  | {
      readonly type: 'read';
      readonly head: string;
      readonly isRewritten: boolean;
      readonly finding: CodeFinding;
    }
  | { readonly type: 'refused' | 'failed'; readonly code: string; readonly message: string };

/** Reads mirrors in a process of its own, one at a time: each takes seconds of processor and half a gigabyte. */
export class CodeReader {
  readonly #inTurn = oneAfterAnother();
  #child: ChildProgram | null = null;
  #isClosed = false;

  read(options: ReadCodeOptions): Promise<ReadOutcome> {
    return this.#inTurn(() => this.#run(options));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#child?.stop();
  }

  async #run(options: ReadCodeOptions): Promise<ReadOutcome> {
    if (this.#isClosed) return { type: 'failed', code: 'code-not-read', message: 'The studio is closing.' };
    let outcome: ReadOutcome = {
      type: 'failed',
      code: 'code-not-read',
      message: `${options.repository.repository} was not read to its end.`,
    };
    this.#child = runChild({
      entry: new URL('./read-code-main.ts', import.meta.url),
      options,
      onLine: (line) => {
        // Our own program's one line.
        outcome = line as ReadOutcome;
      },
    });
    try {
      await this.#child.ended;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      outcome = { type: 'failed', code: 'code-not-read', message };
    } finally {
      this.#child = null;
    }
    return outcome;
  }
}
