import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, present, type Result } from '@jamnet/base';
import {
  decodeModel,
  isReleasedFile,
  lineSha256,
  NO_LINE_BEFORE,
  type ReleaseEntry,
  readReleases,
  releaseLine,
  releaseStatement,
  type SignedRelease,
  type TierGain,
} from '@jamnet/groove';
import { type NodeKey, platformVerifySignature } from '@jamnet/jamnode';
import { writeWhole } from '../config/write-whole.ts';

const LIST = 'releases.jsonl';

/**
 * A folder of released models: `releases.jsonl`, signed line by line, and the models as `<sha256>.model`. What it refuses it throws
 * as a `Failure` with a code of the list, `model-missing`, `nothing-before`, `model-malformed` or `model-unfit`; nothing is changed then.
 */
export class ModelReleases {
  readonly #directory: string;
  readonly #publicKey: Uint8Array;
  readonly #releases: readonly SignedRelease[];
  readonly #text: string;
  readonly #decode: DecodeModel;

  /** Throws the list's own code when a line is not what the key's owner signed, or a model is not what its line says. */
  constructor(directory: string, publicKeyHex: string, decode: DecodeModel = decodeModel) {
    this.#decode = decode;
    const file = join(directory, LIST);
    this.#directory = directory;
    this.#publicKey = Buffer.from(publicKeyHex, 'hex');
    this.#text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const read = readReleases(this.#text, this.#publicKey, platformVerifySignature);
    if (!read.ok) throw new Failure(read.code, `${file}: ${read.message}`);
    this.#releases = read.value;
  }

  get releases(): readonly SignedRelease[] {
    return this.#releases;
  }

  get current(): SignedRelease | undefined {
    return this.#releases.at(-1);
  }

  /** The bytes of a released model, checked against its line. */
  read(release: ReleaseEntry): Uint8Array {
    const file = this.#modelFile(release.modelSha256);
    const bytes = existsSync(file) ? readFileSync(file) : new Uint8Array(0);
    if (isReleasedFile(release, bytes)) return bytes;
    throw new Failure('model-missing', `${file} is not the model that was released: fetch it again.`);
  }

  /** Releases whose files are gone, or are not what was released; each file once. */
  missing(): readonly SignedRelease[] {
    const byFile = new Map(this.#releases.map((release) => [release.modelSha256, release]));
    return [...byFile.values()].filter((release) => !this.#isHere(release));
  }

  /** Puts the file of a release back. Throws `model-missing` for other bytes. */
  bringBack(release: ReleaseEntry, bytes: Uint8Array): void {
    const { modelSha256 } = release;
    if (!isReleasedFile(release, bytes))
      throw new Failure('model-missing', `These bytes are not the model ${modelSha256}: fetch it again.`);
    writeWhole(this.#modelFile(modelSha256), bytes);
  }

  #isHere(release: ReleaseEntry): boolean {
    const file = this.#modelFile(release.modelSha256);
    return existsSync(file) && isReleasedFile(release, readFileSync(file));
  }

  /** Releases a model file: as the first, or by the verdict of the gate. */
  release(key: NodeKey, bytes: Uint8Array, released: ByGate | null, releasedAtUs: bigint): SignedRelease {
    const model = this.#decode(bytes);
    if (!model.ok) throw new Failure(model.code, model.message);
    const modelSha256 = createHash('sha256').update(bytes).digest('hex');
    writeWhole(this.#modelFile(modelSha256), bytes);
    return this.#append(key, {
      version: this.#releases.length + 1,
      kind: released ? 'release' : 'first',
      model: model.value.id,
      modelSha256,
      modelBytes: bytes.length,
      gainPpm: released?.verdict.bar.jointPpm ?? null,
      gainLowerPpm: released?.verdict.bar.lowerPpm ?? null,
      heldOutSha256: released?.heldOutSha256 ?? null,
      releasedAtUs,
    });
  }

  /** Goes back to what ran before the current model: a new line, for nothing is taken out of the list. */
  rollback(key: NodeKey, releasedAtUs: bigint): SignedRelease {
    const target = this.#before();
    if (!target) throw new Failure('nothing-before', 'No other model was released before this one.');
    this.read(target);
    const { model, modelSha256, modelBytes } = target;
    return this.#append(key, {
      version: this.#releases.length + 1,
      kind: 'rollback',
      model,
      modelSha256,
      modelBytes,
      gainPpm: null,
      gainLowerPpm: null,
      heldOutSha256: null,
      releasedAtUs,
    });
  }

  /** What ran before the current model came: a rollback undoes one release, a second one the release before. */
  #before(): SignedRelease | undefined {
    const stack: SignedRelease[] = [];
    for (const release of this.#releases) {
      if (release.kind === 'rollback') stack.pop();
      else stack.push(release);
    }
    return stack.at(-2);
  }

  #append(key: NodeKey, entry: ReleaseEntry): SignedRelease {
    const previous =
      this.#text === ''
        ? NO_LINE_BEFORE
        : lineSha256(present(this.#text.trimEnd().split('\n').at(-1), 'line'));
    const line = releaseLine(entry, previous, key.sign(releaseStatement(entry, previous)));
    writeWhole(join(this.#directory, LIST), `${this.#text}${line}\n`);
    return present(
      new ModelReleases(this.#directory, key.publicKey, this.#decode).current,
      'the release just written',
    );
  }

  #modelFile(sha256: string): string {
    return join(this.#directory, `${sha256}.model`);
  }
}

/** Reads a model file; a groove forecaster's unless another kind of model is released here. */
export type DecodeModel = (bytes: Uint8Array) => Result<{ readonly id: string }>;

/** Why a candidate may replace the released model. */
export interface ByGate {
  readonly verdict: { readonly bar: Pick<TierGain, 'jointPpm' | 'lowerPpm'> };
  readonly heldOutSha256: string;
}
