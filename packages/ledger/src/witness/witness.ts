import { hash } from 'node:crypto';
import { decodeUtf8, encodeUtf8, Failure, fromBase64, type Result, toBase64 } from '@jamnet/base';
import { beaconInput, formatBeacon } from '../core/beacon.ts';
import { parseVerifierKey } from '../core/note-key.ts';
import { type Signer, vkeyOf } from '../core/signer.ts';
import {
  decideAddCheckpoint,
  parseAddCheckpoint,
  type WatchedLog,
  type WitnessAnswer,
  type WitnessedTree,
} from '../core/witness.ts';
import type { LogFiles } from '../log/log-files.ts';

/** Logs one witness watches: each costs a file and a key in memory. */
export const WATCHED_LOGS_MAX = 1_000;

/** The proof of `vrfProve` for an input, under the witness's key. */
export type BeaconProver = (input: Uint8Array) => Uint8Array;

export interface WitnessOptions {
  readonly signer: Signer;
  /** The folder of its memory. */
  readonly files: LogFiles;
  /** The vkeys of the logs to watch. */
  readonly logs: readonly string[];
  /** Left out: it gives no beacons. */
  readonly prove?: BeaconProver | undefined;
}

/**
 * A witness with its memory on disk: cosigns only checkpoints that extend the last one it cosigned. Requests are decided
 * one at a time under the state folder's lock, and what was seen is on the disk before the answer is given; two answers
 * from one memory would let a log fork.
 */
export class Witness {
  readonly #signer: Signer;
  readonly #files: LogFiles;
  readonly #prove: BeaconProver | null;
  /** vkey by origin. */
  readonly #watched: ReadonlyMap<string, string>;
  /** What readers of its cosignatures need. */
  readonly vkey: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: WitnessOptions, watched: ReadonlyMap<string, string>) {
    const { signer, files, prove } = options;
    this.#signer = signer;
    this.#prove = prove ?? null;
    this.#files = files;
    this.#watched = watched;
    this.vkey = vkeyOf(signer, 'cosignature');
  }

  static open(options: WitnessOptions): Result<Witness, 'vkey-malformed'> {
    const watched = new Map<string, string>();
    if (options.logs.length > WATCHED_LOGS_MAX)
      throw new Failure('too-many-logs', `A witness watches at most ${WATCHED_LOGS_MAX} logs.`);
    for (const vkey of options.logs) {
      const key = parseVerifierKey(vkey);
      if (!key.ok) return key;
      watched.set(key.value.name, vkey);
    }
    return { ok: true, value: new Witness(options, watched) };
  }

  get origins(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** Answers the body of a POST to `add-checkpoint`. */
  addCheckpoint(body: Uint8Array, nowSeconds: bigint): Promise<WitnessAnswer> {
    const run = this.#turn.then(() => this.#decide(body, nowSeconds));
    this.#turn = run.catch(() => {});
    return run;
  }

  /** Its beacon for a leaf: a line for `verifyBeacon`, once it has cosigned a tree that holds the leaf. */
  async beacon(origin: string, leaf: bigint): Promise<WitnessAnswer> {
    if (!this.#prove) return said(404, 'This witness gives no beacons.');
    const unlock = await this.#files.lock();
    try {
      const log = await this.#logOf(origin);
      if (!log) return said(404, 'This witness does not watch that origin.');
      if ((log.seen?.size ?? 0n) <= leaf)
        return said(409, `Have it cosign first: this witness has seen ${log.seen?.size ?? 0n} leaves.`);
      const proof = this.#prove(beaconInput(origin, leaf));
      return { ...said(200, ''), body: formatBeacon(this.#signer.name, proof) };
    } finally {
      unlock();
    }
  }

  async #decide(body: Uint8Array, nowSeconds: bigint): Promise<WitnessAnswer> {
    const request = parseAddCheckpoint(body);
    if (!request.ok) return said(400, request.message);
    const { origin } = request.value;
    const unlock = await this.#files.lock();
    try {
      const answer = decideAddCheckpoint(request.value, await this.#logOf(origin), nowSeconds, this.#signer);
      if (answer.next) {
        await this.#files.write(memoryPath(origin), memoryText(origin, answer.next));
        await this.#files.flush();
      }
      return answer;
    } finally {
      unlock();
    }
  }

  async #logOf(origin: string): Promise<WatchedLog | null> {
    const vkey = this.#watched.get(origin);
    if (vkey === undefined) return null;
    const memory = await this.#files.read(memoryPath(origin));
    return { origin, vkey, seen: memory ? readMemory(origin, memory) : null };
  }
}

function said(status: WitnessAnswer['status'], message: string): WitnessAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${message}\n`, next: null };
}

/** A name that any file system takes, whatever the origin. */
function memoryPath(origin: string): string {
  return `seen/${hash('sha256', origin)}`;
}

/** The three lines of a checkpoint, without a signature. */
function memoryText(origin: string, seen: WitnessedTree): Uint8Array {
  return encodeUtf8(`${origin}\n${seen.size}\n${toBase64(seen.root)}\n`);
}

/** A memory that cannot be read must not count as none: the witness would cosign a fork. */
function readMemory(origin: string, memory: Uint8Array): WitnessedTree {
  const [name, size = '', root = ''] = decodeUtf8(memory)?.split('\n') ?? [];
  const hashBytes = fromBase64(root);
  if (name === origin && /^\d{1,16}$/.test(size) && hashBytes?.length === 32)
    return { size: BigInt(size), root: hashBytes };
  throw new Failure(
    'witness-memory-damaged',
    `What this witness saw of ${origin} cannot be read: restore its folder.`,
  );
}
