import type { CodeSummary, FilePicture, Forge, HintFate, HookCode, PersonPicture } from '@jamnet/attribution';
import { HintQueue, readHook } from '@jamnet/attribution';
import { ok, type Result } from '@jamnet/base';
import { CodeFolder } from './code-folder.ts';
import { CodeReader, type ReadOutcome } from './code-reader.ts';
import { type MirroredRepository, type RepositoriesCode, readRepositories } from './mirrored-repositories.ts';

export interface CodeDeskParts {
  readonly dataDirectory: string;
  readonly nowUs: () => bigint;
  readonly secrets: () => readonly string[];
  /** Told how a look at a mirror ended; default: nobody. */
  readonly onRead?: (repository: string, outcome: ReadOutcome) => void;
  /** Told what went wrong after an event was answered, where nobody awaits it: a full disk must not end the studio. */
  readonly onFailure: (error: unknown) => void;
}

export interface ForgeEvent {
  readonly forge: Forge;
  readonly body: Uint8Array;
  readonly header: (name: string) => string;
}

/** Code that earns: events of forges come in, mirrors are read one at a time, pages look at what was found. */
export class CodeDesk {
  readonly #parts: CodeDeskParts;
  readonly #folder: CodeFolder;
  readonly #queue = new HintQueue();
  /** Also reads for filings: one mirror at a time, whoever asks. */
  readonly reader = new CodeReader();
  #isReading = false;
  #isClosed = false;

  constructor(parts: CodeDeskParts) {
    this.#parts = parts;
    this.#folder = new CodeFolder(parts.dataDirectory);
  }

  /** An event of a forge: a hint that starts a look at git, at most one at a time. */
  gitEvent({
    forge,
    body,
    header,
  }: ForgeEvent): Result<{ fate: HintFate; deliveryId: string }, HookCode | RepositoriesCode> {
    const nowSeconds = Number(this.#parts.nowUs() / 1_000_000n);
    const hint = readHook({ forge, body, headers: header, nowSeconds, secrets: this.#parts.secrets() });
    if (!hint.ok) return hint;
    const repositories = readRepositories(this.#parts.dataDirectory);
    if (!repositories.ok) return repositories;
    const fate = this.#queue.offer(hint.value, repositories.value);
    this.#readNext();
    return ok({ fate, deliveryId: hint.value.deliveryId });
  }

  /** Repositories with a picture, by slug. */
  summaries(): { readonly slug: string; readonly summary: CodeSummary }[] {
    return this.#folder.slugs().flatMap((slug) => {
      const summary = this.#folder.summary(slug);
      return summary === null ? [] : [{ slug, summary }];
    });
  }

  summary(slug: string): CodeSummary | null {
    return this.#folder.summary(slug);
  }

  file(slug: string, path: string): FilePicture | null {
    return this.#folder.file(slug, path);
  }

  person(slug: string, id: string): PersonPicture | null {
    return this.#folder.person(slug, id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.reader.close();
  }

  #readNext(): void {
    const repository = this.#isClosed || this.#isReading ? null : this.#nextRepository();
    if (repository === null) return;
    this.#isReading = true;
    const { onFailure } = this.#parts;
    void this.#read(repository)
      .catch(onFailure)
      .finally(() => {
        this.#isReading = false;
      })
      .then(() => this.#readNext())
      .catch(onFailure);
  }

  async #read(repository: MirroredRepository): Promise<void> {
    const { dataDirectory, onRead } = this.#parts;
    const looked = { dataDirectory, repository, epochId: null, dependencyBudgetPpm: 0, paidCents: {} };
    onRead?.(repository.repository, await this.reader.read(looked));
  }

  /** The next one that is still on the operator's list. */
  #nextRepository(): MirroredRepository | null {
    const repositories = readRepositories(this.#parts.dataDirectory);
    for (let name = this.#queue.next(); name !== null; name = this.#queue.next()) {
      const listed = repositories.ok ? repositories.value.find((one) => one.repository === name) : undefined;
      if (listed !== undefined) return listed;
    }
    return null;
  }
}
