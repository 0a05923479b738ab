import { appendFile, readFile, rm } from 'node:fs/promises';
import { Failure } from '@jamnet/base';

/** What replays of one change have printed so far, by trial, so that a judging that was stopped goes on where it was. */
export class TrialBook {
  readonly #path: string | null;
  readonly #printed: Map<string, string | null>;

  private constructor(path: string | null, printed: Map<string, string | null>) {
    this.#path = path;
    this.#printed = printed;
  }

  /** `null`: kept in memory only. A line that a stop cut off is left out. */
  static async open(path: string | null): Promise<TrialBook> {
    return new TrialBook(path, path === null ? new Map() : await readTrials(path));
  }

  /** Hash of what was printed, `null`: it failed; `undefined`: not tried. */
  get(trial: string): string | null | undefined {
    return this.#printed.get(trial);
  }

  async keep(trial: string, printedSha256: string | null): Promise<void> {
    this.#printed.set(trial, printedSha256);
    // A line break first: what a stop cut off spoils its own line only.
    if (this.#path !== null) await appendFile(this.#path, `\n${JSON.stringify([trial, printedSha256])}`);
  }

  /** They were tried beside something else. */
  async forget(): Promise<void> {
    this.#printed.clear();
    await this.remove();
  }

  async remove(): Promise<void> {
    if (this.#path !== null) await rm(this.#path, { force: true });
  }
}

async function readTrials(path: string): Promise<Map<string, string | null>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    const message = `${path} cannot be read: take it away, or give another folder for the cache.`;
    throw new Failure('cache-unwritable', message, { cause });
  });
  return new Map(text.split('\n').flatMap(readTrial));
}

function readTrial(line: string): [string, string | null][] {
  try {
    const [trial, printed]: unknown[] = JSON.parse(line);
    const isTrial = typeof trial === 'string' && (printed === null || typeof printed === 'string');
    return isTrial ? [[trial, printed]] : [];
  } catch {
    return [];
  }
}
