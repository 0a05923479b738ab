import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Failure } from '@jamnet/base';
import type { ObjectSource, ObjectStore } from './object-store.ts';

/** Torn puts older than this are swept: no upload takes so long. */
const TORN_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** What the keeper needs of the archive of takes. */
export interface KeptTakes {
  list(): readonly string[];
  file(id: string): string | null;
  /** Takes that somebody had erased. */
  erased(): readonly string[];
  addFile(file: string): Promise<{ readonly ok: boolean; readonly message?: string }>;
}

export interface KeeperParts {
  readonly takes: { readonly archive: KeptTakes; readonly store: ObjectStore };
  readonly models: {
    list(): readonly string[];
    bytes(sha256: string): Uint8Array | null;
    readonly store: ObjectStore;
  };
  readonly nowMs: () => number;
}

export interface KeptReport {
  readonly takes: number;
  readonly models: number;
  /** Takes that were erased in the archive, or were there at the last pass and are gone: their bytes are gone from the store, too. */
  readonly erased: number;
}

/**
 * Brings a studio's takes and released models into an object store, pass by pass. A pass may fail anywhere and is tried again whole; what is
 * there is not sent again. Fails with `archive-lost` where most takes are gone at once.
 */
export class ObjectKeeper {
  readonly #parts: KeeperParts;
  /** Known to be in the store; at most as many as the archive may hold. */
  readonly #takes = new Set<string>();
  /** Known to be erased there. */
  readonly #erased = new Set<string>();
  readonly #models = new Set<string>();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** One pass; passes must not overlap. */
  async keep(): Promise<KeptReport> {
    const { takes, models, nowMs } = this.#parts;
    const here = new Set(takes.archive.list());
    const erased = await eraseMissing(takes.store, takes.archive.erased(), this.#erased);
    for (const id of this.#erased) this.#takes.delete(id);
    const gone = [...this.#takes].filter((id) => !here.has(id));
    refuseToFollowALoss(gone.length, this.#takes.size, here.size);
    for (const id of gone) {
      await takes.store.erase(id);
      this.#takes.delete(id);
    }
    const kept = await putMissing(takes.store, [...here], this.#takes, (id) => {
      const file = takes.archive.file(id);
      return file === null ? null : sourceOfFile(file);
    });
    const added = await putMissing(models.store, models.list(), this.#models, (sha256) => {
      const bytes = models.bytes(sha256);
      return bytes === null ? null : sourceOfBytes(bytes);
    });
    for (const { store } of [takes, models]) await store.sweep(nowMs() - TORN_KEPT_MS);
    return { takes: kept, models: added, erased: erased + gone.length };
  }
}

/** An archive that comes up empty, or without most of its takes, is a disk that is away and nobody's wish: erasing is for good. */
function refuseToFollowALoss(gone: number, known: number, here: number): void {
  if (gone === 0 || (here > 0 && gone * 2 <= known)) return;
  throw new Failure(
    'archive-lost',
    `${gone} of ${known} takes are gone from the archive at once, so none is erased in the object store: bring the archive back (jamnet objects fetch), or erase each by jamnet objects erase.`,
  );
}

/** Brings back the takes that the store has and the archive has not, through the checks that every take passes. Answers how many. */
export async function fetchTakes(
  { archive, store }: KeeperParts['takes'],
  partFile: string,
  onTake: (sha256: string) => void = () => undefined,
): Promise<number> {
  let fetched = 0;
  for (let after = ''; ; ) {
    const names = await store.list(after, 1_000);
    for (const name of names) {
      if (archive.file(name) !== null) continue;
      const bytes = await store.get(name);
      if (bytes === null) continue;
      try {
        await pipeline(bytes, createWriteStream(partFile));
        const filed = await archive.addFile(partFile);
        if (!filed.ok)
          throw new Failure('take-not-filed', `${name} is no take that can be kept: ${filed.message}`);
      } finally {
        rmSync(partFile, { force: true });
      }
      onTake(name);
      fetched++;
    }
    const last = names.at(-1);
    if (last === undefined) return fetched;
    after = last;
  }
}

/** Also those that were erased while no keeper ran: a new one does not know what was there. */
async function eraseMissing(
  store: ObjectStore,
  names: readonly string[],
  known: Set<string>,
): Promise<number> {
  let count = 0;
  for (const name of names) {
    if (known.has(name)) continue;
    if (!(await store.isErased(name))) {
      await store.erase(name);
      count++;
    }
    known.add(name);
  }
  return count;
}

async function putMissing(
  store: ObjectStore,
  names: readonly string[],
  known: Set<string>,
  sourceOf: (name: string) => ObjectSource | null,
): Promise<number> {
  let put = 0;
  for (const name of names) {
    if (known.has(name)) continue;
    const source = (await store.size(name)) === null ? sourceOf(name) : null;
    if (source !== null) {
      const kept = await store.put(name, source);
      // An erased one is not kept again, and is not asked for again.
      if (!kept.ok && kept.code !== 'object-erased') throw new Failure(kept.code, `${name}: ${kept.message}`);
      if (kept.ok) put++;
    }
    known.add(name);
  }
  return put;
}

function sourceOfFile(file: string): ObjectSource {
  return { bytes: statSync(file).size, read: (from) => createReadStream(file, { start: from }) };
}

function sourceOfBytes(bytes: Uint8Array): ObjectSource {
  return {
    bytes: bytes.length,
    async *read(from) {
      yield bytes.subarray(from);
    },
  };
}
