import { hash } from 'node:crypto';
import { equalBytes, Failure, ok, type Result, refuse } from '@jamnet/base';
import { type AddSignatureCode, addSignature } from '../core/add-signature.ts';
import {
  type Checkpoint,
  checkpointText,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from '../core/checkpoint.ts';
import { planConsistency, planInclusion } from '../core/proof-plan.ts';
import { readEdge, readProof } from '../core/read-tiles.ts';
import { formatReceipt, PROMISE_US, promiseText } from '../core/receipt.ts';
import { formatNote, type SignedNote } from '../core/signed-note.ts';
import { type Signer, signNote, vkeyOf } from '../core/signer.ts';
import { CHECKPOINT_PATH } from '../core/tile-path.ts';
import { TileTree } from '../core/tile-tree.ts';
import { leafHash, type Sha256 } from '../core/tree-hash.ts';
import type { Ledger } from '../store/ledger.ts';
import type { LogFiles } from './log-files.ts';
import { writeTiles } from './tile-writer.ts';

export interface LogOptions {
  readonly ledger: Ledger;
  /** Name of the log: its URL without scheme. Must be the signers' name. */
  readonly origin: string;
  readonly signer: Signer;
  /** Earlier keys that sign beside it until every reader and witness knows the new one; see `key-chain.ts`. */
  readonly besides?: readonly Signer[];
  readonly files: LogFiles;
}

export interface PublishedCheckpoint extends Checkpoint {
  /** The signed note as served, with cosignatures. */
  readonly note: Uint8Array;
  readonly publishedAtUs: bigint;
}

/** An inclusion proof with all a verifier needs. */
export interface InclusionProof extends Checkpoint {
  readonly index: bigint;
  readonly leaf: Uint8Array;
  readonly leafHash: Uint8Array;
  /** Leaf to root. */
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
}

export type LogCode = AddSignatureCode | 'not-published' | 'not-accepted' | 'sizes-malformed';

interface State {
  readonly tree: TileTree;
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint & { readonly note: SignedNote };
}

const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** The public side of the ledger: a directory of tiles that any web server can serve. */
export class TransparencyLog {
  readonly #options: LogOptions;
  /** All sign; the first is the log's key. */
  readonly #signers: readonly Signer[];
  readonly vkey: string;
  /** What the directory holds, as far as this process wrote or read it; `null` when that is in doubt. */
  #state: State | null = null;
  /** One piece of work on the directory at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LogOptions) {
    this.#signers = [options.signer, ...(options.besides ?? [])];
    const stranger = this.#signers.find(({ name }) => name !== options.origin);
    if (stranger) {
      throw new Failure(
        'origin-mismatch',
        `The signer is ${stranger.name}, but the log is ${options.origin}.`,
      );
    }
    this.#options = options;
    this.vkey = vkeyOf(options.signer);
  }

  /** Publishes all leaves of the journal: tiles first, then the signed checkpoint, last and whole. */
  publish(nowUs: bigint): Promise<PublishedCheckpoint> {
    return this.#exclusively(async () => {
      const { checkpoint, note } = await this.#catchUp();
      const { origin, size, root } = checkpoint;
      return { origin, size, root, note, publishedAtUs: nowUs };
    });
  }

  /** The newest signed checkpoint, as served. */
  async checkpoint(): Promise<Uint8Array> {
    return (await this.#current()).note;
  }

  async inclusionProof(index: bigint): Promise<Result<InclusionProof, LogCode>> {
    const { checkpoint, note } = await this.#current();
    if (index < 0n || index >= checkpoint.size) {
      return refuse(
        'not-published',
        `Leaf ${index} is not published yet: the checkpoint has ${checkpoint.size} leaves.`,
      );
    }
    const [entry] = await this.#options.ledger.entries(index, 1);
    const proof = await this.#proof(
      planInclusion(Number(index), Number(checkpoint.size)),
      Number(checkpoint.size),
    );
    if (!entry)
      throw new Failure('log-ahead-of-journal', `The journal has no leaf ${index}, but the log has.`);
    const { origin, size, root } = checkpoint;
    const leaf = entry.bytes;
    return ok({ origin, size, root, index, leaf, leafHash: leafHash(leaf, sha256), proof, checkpoint: note });
  }

  /** Hashes that show that the tree of `oldSize` is a prefix of the tree of `size`; both published. */
  async consistencyProof(oldSize: bigint, size: bigint): Promise<Result<readonly Uint8Array[], LogCode>> {
    const { checkpoint } = await this.#current();
    if (oldSize < 0n || oldSize > size || size > checkpoint.size) {
      return refuse('sizes-malformed', `Sizes rise and end at ${checkpoint.size}, the published size.`);
    }
    if (oldSize === 0n || oldSize === size) return ok([]);
    return ok(await this.#proof(planConsistency(Number(oldSize), Number(size)), Number(checkpoint.size)));
  }

  /** The leaf's place and proof in one text (C2SP tlog-proof), for whoever submitted it. */
  async receipt(index: bigint): Promise<Result<Uint8Array, LogCode>> {
    const proof = await this.inclusionProof(index);
    return proof.ok ? ok(formatReceipt(proof.value)) : proof;
  }

  /** A signed promise, to be given at acceptance, that the leaf will be published within 24 h of it. */
  async promise(index: bigint): Promise<Result<Uint8Array, LogCode>> {
    const [entry] = await this.#options.ledger.entries(index, 1);
    if (entry?.index !== index) return refuse('not-accepted', `The journal has no leaf ${index} to promise.`);
    const { origin, signer } = this.#options;
    const { acceptedAtUs } = entry.leaf;
    const publishedByUs = acceptedAtUs + PROMISE_US;
    const promise = { origin, index, leafHash: leafHash(entry.bytes, sha256), acceptedAtUs, publishedByUs };
    return ok(formatNote(signNote(promiseText(promise), signer)));
  }

  /** Adds a witness's cosignature of the newest checkpoint and publishes it. `line` is one signature line. */
  addCosignature(line: string, witnessVkey: string): Promise<Result<true, LogCode>> {
    return this.#exclusively(async () => {
      const state = await this.#load();
      const signed = addSignature(state.checkpoint.note, line, witnessVkey);
      if (!signed.ok) return signed;
      await this.#writeCheckpoint(state.tree, state.checkpoint, signed.value);
      return ok(true);
    });
  }

  /** Runs after what came before, and alone on the directory. A failure leaves the state in doubt, so it is read anew. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(async () => {
      const unlock = await this.#options.files.lock();
      try {
        return await work();
      } catch (cause) {
        this.#state = null;
        throw cause;
      } finally {
        await unlock();
      }
    });
    this.#turn = run.catch(() => {});
    return run;
  }

  async #current(): Promise<State> {
    return this.#state ?? (await this.#exclusively(() => this.#load()));
  }

  async #catchUp(): Promise<State> {
    const { ledger, origin, files } = this.#options;
    const before = await this.#load();
    const size = await ledger.size();
    if (before.checkpoint.size === size && before.note.length > 0) return await this.#signedByAll(before);
    const { tree } = before;
    this.#state = null;
    await writeTiles(tree, Number(size), ledger, files);
    const checkpoint = { origin, size, root: tree.root() };
    return await this.#writeCheckpoint(tree, checkpoint, this.#sign(checkpointText(checkpoint)));
  }

  #sign(text: string): SignedNote {
    return { text, signatures: this.#signers.flatMap((signer) => signNote(text, signer).signatures) };
  }

  /** After a change of keys nothing new needs to be published for readers of the new key; what witnesses signed stays. */
  async #signedByAll(state: State): Promise<State> {
    const { text, signatures } = state.checkpoint.note;
    const lacksOne = this.#signers.some((signer) => !verifyCheckpoint(state.note, vkeyOf(signer)).ok);
    if (!lacksOne) return state;
    const own = this.#sign(text).signatures;
    const others = signatures.filter(({ name }) => name !== this.#options.origin);
    return await this.#writeCheckpoint(state.tree, state.checkpoint, {
      text,
      signatures: [...own, ...others],
    });
  }

  async #writeCheckpoint(
    tree: TileTree,
    { origin, size, root }: Checkpoint,
    signed: SignedNote,
  ): Promise<State> {
    const { files } = this.#options;
    const note = formatNote(signed);
    await files.write(CHECKPOINT_PATH, note);
    await files.flush();
    this.#state = { tree, note, checkpoint: { origin, size, root, note: signed } };
    return this.#state;
  }

  /** What the directory holds now; another process may have published since. */
  async #load(): Promise<State> {
    const note = await this.#options.files.read(CHECKPOINT_PATH);
    if (this.#state && note && equalBytes(note, this.#state.note)) return this.#state;
    const before = this.#state ?? (await this.#ownState(note));
    this.#state = null; // its tree goes on
    if (before && note) this.#refuseOlder(before, note);
    const state = note ? ((await this.#follow(before, note)) ?? (await this.#resume(note))) : this.#empty();
    if (note) await this.#options.files.show?.(note);
    this.#state = state;
    return state;
  }

  /** What all share may go back together with its database; what was seen here was signed all the same. */
  #refuseOlder({ checkpoint: seen }: State, note: Uint8Array): void {
    const { size, root } = this.#verified(note);
    if (size > seen.size || (size === seen.size && equalBytes(root, seen.root))) return;
    throw new Failure(
      'log-forked',
      `A checkpoint of ${seen.size} leaves was signed, but the newest that is kept has ${size}: the database went back, and whoever goes on from here contradicts what was signed. Restore a later one.`,
    );
  }

  /** What a directory of this publisher's own has, where the newest checkpoint is another's. */
  async #ownState(note: Uint8Array | null): Promise<State | null> {
    const own = await this.#options.files.readOwnCheckpoint?.();
    return own && note && !equalBytes(own, note) ? this.#resume(own) : null;
  }

  /** Goes from what is here to what another publisher signed; `null` where that is no way. */
  async #follow(before: State | null, note: Uint8Array): Promise<State | null> {
    const { ledger, files } = this.#options;
    if (before === null || files.show === undefined) return null;
    const checkpoint = this.#verified(note);
    const { tree } = before;
    if (checkpoint.size < BigInt(tree.size) || checkpoint.size > (await ledger.size())) return null;
    await writeTiles(tree, Number(checkpoint.size), ledger, files);
    return equalBytes(tree.root(), checkpoint.root) ? { tree, note, checkpoint } : null;
  }

  #empty(): State {
    const tree = new TileTree(sha256);
    const { origin } = this.#options;
    const checkpoint = { origin, size: 0n, root: tree.root(), note: { text: '', signatures: [] } };
    return { tree, note: new Uint8Array(0), checkpoint };
  }

  async #resume(note: Uint8Array): Promise<State> {
    const { ledger, files } = this.#options;
    const checkpoint = this.#verified(note);
    if (checkpoint.size > (await ledger.size())) {
      throw new Failure(
        'log-ahead-of-journal',
        'The log has more leaves than the journal: restore the journal first.',
      );
    }
    const size = Number(checkpoint.size);
    const edge = await readEdge((path) => files.read(path), size);
    const resumed = edge ? TileTree.resume(size, edge, sha256) : null;
    if (resumed && equalBytes(resumed.root(), checkpoint.root) && (await this.#endsLikeJournal(size))) {
      return { tree: resumed, note, checkpoint };
    }
    return { tree: await this.#rebuild(checkpoint), note, checkpoint };
  }

  /** Whether the last published leaf is the journal's: catches a directory that belongs to another journal. */
  async #endsLikeJournal(size: number): Promise<boolean> {
    if (size === 0) return true;
    const [entry] = await this.#options.ledger.entries(BigInt(size - 1), 1);
    const read = (path: string) => this.#options.files.read(path);
    const [last] = (await readProof([[{ level: 0, index: size - 1 }]], read, size, sha256)) ?? [];
    return entry !== undefined && last !== undefined && equalBytes(leafHash(entry.bytes, sha256), last);
  }

  /** Writes all tiles again from the journal; they must lead to the root that was signed. */
  async #rebuild(checkpoint: Checkpoint): Promise<TileTree> {
    const { ledger, files } = this.#options;
    const rehearsal = new TileTree(sha256);
    for (let at = 0n; at < checkpoint.size; ) {
      const page = await ledger.entries(at, Math.min(10_000, Number(checkpoint.size - at)));
      for (const { bytes } of page) rehearsal.append(bytes);
      at += BigInt(page.length);
    }
    if (!equalBytes(rehearsal.root(), checkpoint.root)) {
      throw new Failure(
        'log-forked',
        'The journal does not lead to the signed checkpoint: they are of two histories.',
      );
    }
    const tree = new TileTree(sha256);
    await writeTiles(tree, Number(checkpoint.size), ledger, files);
    return tree;
  }

  #verified(note: Uint8Array): VerifiedCheckpoint {
    const checked = this.#signers.map((signer) => verifyCheckpoint(note, vkeyOf(signer)));
    for (const one of checked) if (one.ok) return one.value;
    const why = checked.find((one) => !one.ok)?.message;
    throw new Failure('checkpoint-damaged', `The published checkpoint is not ours: ${why}`);
  }

  async #proof(plan: Parameters<typeof readProof>[0], size: number): Promise<readonly Uint8Array[]> {
    const proof = await readProof(plan, (path) => this.#options.files.read(path), size, sha256);
    if (!proof) throw new Failure('tile-absent', 'A published tile is missing: rebuild the log directory.');
    return proof;
  }
}
