import { hash } from 'node:crypto';
import { decodeUtf8, encodeUtf8, Failure, fromBase64, type Result, toBase64 } from '@jamnet/base';
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

/**
 * A witness with its memory on disk: cosigns only checkpoints that extend the last one it cosigned. Requests are decided
 * one at a time under the state folder's lock, and what was seen is on the disk before the answer is given; two answers
 * from one memory would let a log fork.
 */
export class Witness {
  readonly #signer: Signer;
  readonly #files: LogFiles;
  /** vkey by origin. */
  readonly #watched: ReadonlyMap<string, string>;
  /** What readers of its cosignatures need. */
  readonly vkey: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(signer: Signer, files: LogFiles, watched: ReadonlyMap<string, string>) {
    this.#signer = signer;
    this.#files = files;
    this.#watched = watched;
    this.vkey = vkeyOf(signer, 'cosignature');
  }

  /** `logs` are the vkeys of the logs to watch; `files` the folder of its memory. */
  static open(options: {
    signer: Signer;
    files: LogFiles;
    logs: readonly string[];
  }): Result<Witness, 'vkey-malformed'> {
    const watched = new Map<string, string>();
    if (options.logs.length > WATCHED_LOGS_MAX)
      throw new Failure('too-many-logs', `A witness watches at most ${WATCHED_LOGS_MAX} logs.`);
    for (const vkey of options.logs) {
      const key = parseVerifierKey(vkey);
      if (!key.ok) return key;
      watched.set(key.value.name, vkey);
    }
    return { ok: true, value: new Witness(options.signer, options.files, watched) };
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

  async #decide(body: Uint8Array, nowSeconds: bigint): Promise<WitnessAnswer> {
    const request = parseAddCheckpoint(body);
    if (!request.ok) return refusal(request.message);
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

function refusal(message: string): WitnessAnswer {
  return { status: 400, contentType: 'text/plain; charset=utf-8', body: `${message}\n`, next: null };
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
