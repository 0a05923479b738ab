import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import { readModel } from '../onnx/read-model.ts';
import type { FetchModelCode } from './fetch-model.ts';
import { keepModelFile, markUsed, removeIfPossible } from './model-files.ts';

export interface ModelCacheOptions {
  /** Made when it is not there. */
  readonly directory: string;
  readonly fetchModel: (sha256: string) => Promise<Result<Uint8Array, FetchModelCode>>;
  /** UTC ms; orders the files by use. */
  readonly nowMs: () => number;
}

/** Models of a node by hash: from its directory, else from the studio. A file is looked at before it is kept and each time it is used. */
export class ModelCache {
  readonly #options: ModelCacheOptions;
  /** One download for all slots that wait for it. */
  readonly #coming = new Map<string, Promise<Result<Uint8Array, 'model-refused'>>>();

  constructor(options: ModelCacheOptions) {
    this.#options = options;
  }

  /** `sha256` in hex. Refused: what cannot be had, is another file, or is no model that would be run. */
  get(sha256: string): Promise<Result<Uint8Array, 'model-refused'>> {
    const kept = this.#read(sha256);
    if (kept) return Promise.resolve(ok(kept));
    const known = this.#coming.get(sha256);
    if (known) return known;
    const coming = this.#fetch(sha256).finally(() => this.#coming.delete(sha256));
    this.#coming.set(sha256, coming);
    return coming;
  }

  async #fetch(sha256: string): Promise<Result<Uint8Array, 'model-refused'>> {
    const fetched = await this.#options.fetchModel(sha256);
    if (!fetched.ok) return refuse('model-refused', `${fetched.code}: ${fetched.message}`);
    if (hashOf(fetched.value) !== sha256)
      return refuse('model-refused', 'model-other: The studio sent another file than the one of this hash.');
    const model = readModel(fetched.value);
    if (!model.ok) return refuse('model-refused', `${model.code}: ${model.message}`);
    const { directory, nowMs } = this.#options;
    keepModelFile(directory, nameOf(sha256), fetched.value, nowMs());
    return fetched;
  }

  /** The file, when it is there and still what it was; a damaged one is removed. */
  #read(sha256: string): Uint8Array | null {
    const file = this.#file(sha256);
    try {
      const bytes = readFileSync(file);
      if (hashOf(bytes) === sha256) {
        markUsed(file, this.#options.nowMs());
        return bytes;
      }
    } catch {
      return null; // Not there, or not to be read: it is fetched.
    }
    removeIfPossible(file);
    return null;
  }

  #file(sha256: string): string {
    return join(this.#options.directory, nameOf(sha256));
  }
}

function nameOf(sha256: string): string {
  return `${sha256}.onnx`;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
