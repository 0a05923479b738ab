import {
  closeSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  truncateSync,
  unlinkSync,
  writev,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assert, Failure, fromHex, toHex } from '@jamnet/base';

/** A file takes no more blobs once it is this long. */
export const SEGMENT_BYTES_MAX = 256 * 1024 * 1024;
const KEY_BYTES = 32;
/** Key (32 bytes) and length (u32, big-endian) before each blob; the length's highest bit says that its bytes were forgotten. */
const HEAD_BYTES = KEY_BYTES + 4;
const FORGOTTEN = 0x8000_0000;
const FILE_NAME = /^[0-9]{8}\.blobs$/;

const writeAll = promisify(writev);
const syncData = promisify(fdatasync);

/** How far one file is good: what lies behind was never committed. */
export interface SegmentEnd {
  readonly segment: number;
  readonly bytes: number;
}

interface Segment {
  readonly id: number;
  readonly fd: number;
  /** Including what waits to be written. */
  bytes: number;
}

interface Place {
  readonly segment: Segment;
  /** Of the blob's first byte, behind its head. */
  readonly offset: number;
  readonly length: number;
  readonly isForgotten: boolean;
}

/** Blobs of one file that follow each other and go with one write. */
interface Run {
  readonly segment: Segment;
  readonly position: number;
  readonly keys: string[];
  readonly parts: Uint8Array[];
}

/**
 * Blobs by their hash in append-only files beside the database: through its log and its pages each would be written twice.
 * The order that makes it safe against crash and power cut: blobs are written and synced ({@link flush}), then the
 * database commits how long the files are ({@link SegmentEnd}) together with the rows that name the blobs. On opening, the
 * files are cut to the committed lengths. For one process at a time; the index is in memory.
 */
export class SegmentFiles {
  readonly #directory: string;
  readonly #bytesMax: number;
  readonly #places = new Map<string, Place>();
  readonly #segments = new Map<number, Segment>();
  /** Not yet in a file: read from here. */
  readonly #waiting = new Map<string, Uint8Array>();
  #runs: Run[] = [];
  readonly #unsynced = new Set<Segment>();
  #writing: Promise<void> | null = null;
  #failure: Failure | null = null;

  /** Throws a Failure when a file is shorter than committed. */
  constructor(directory: string, committed: readonly SegmentEnd[], bytesMax = SEGMENT_BYTES_MAX) {
    this.#directory = directory;
    this.#bytesMax = bytesMax;
    mkdirSync(directory, { recursive: true });
    const known = new Set(committed.map(({ segment }) => fileName(segment)));
    for (const name of readdirSync(directory))
      if (FILE_NAME.test(name) && !known.has(name)) unlinkSync(join(directory, name));
    for (const end of [...committed].sort((a, b) => a.segment - b.segment)) this.#load(end);
  }

  has(key: string): boolean {
    return this.#places.get(key)?.isForgotten === false;
  }

  /** A copy of the blob, or `null`; of one that was forgotten no byte. */
  get(key: string): Uint8Array | null {
    const waiting = this.#waiting.get(key);
    if (waiting) return waiting.slice();
    const place = this.#places.get(key);
    if (!place) return null;
    const bytes = new Uint8Array(place.isForgotten ? 0 : place.length);
    readExactly(place.segment, bytes, place.offset);
    return bytes;
  }

  /** Adds a blob unless it is there. It can be read at once; it is safe after the next {@link flush}, and its bytes must not change until then. */
  put(key: string, bytes: Uint8Array): void {
    if (this.has(key)) return;
    const head = headOf(key, bytes.length);
    const segment = this.#writable();
    const position = segment.bytes;
    this.#places.set(key, {
      ...{ segment, offset: position + HEAD_BYTES },
      ...{ length: bytes.length, isForgotten: false },
    });
    segment.bytes += HEAD_BYTES + bytes.length;
    this.#waiting.set(key, bytes);
    this.#unsynced.add(segment);
    const last = this.#runs.at(-1);
    if (last?.segment === segment) {
      last.keys.push(key);
      last.parts.push(head, bytes);
    } else this.#runs.push({ segment, position, keys: [key], parts: [head, bytes] });
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  /**
   * Resolves when all blobs put so far have reached the disk, with the lengths to commit. Once a write has failed it
   * rejects for ever: the system may have dropped the bytes, and would call the next sync a success.
   */
  async flush(): Promise<SegmentEnd[]> {
    while (this.#writing) await this.#writing;
    const synced = [...this.#unsynced];
    this.#unsynced.clear();
    const ends = synced.map(({ id, bytes }) => ({ segment: id, bytes }));
    if (this.#failure === null)
      await Promise.all(synced.map(({ fd }) => syncData(fd))).catch((error: unknown) => this.#fail(error));
    if (this.#failure !== null) throw this.#failure;
    return ends;
  }

  /**
   * Writes zeros over blobs, on the disk when it resolves; their keys stay, with no bytes, so that what names them finds something. They
   * may be put again. Keys that are not there are passed over.
   */
  async forget(keys: Iterable<string>): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#failure !== null) throw this.#failure;
    const touched = new Set<number>();
    for (const key of keys) {
      const place = this.#places.get(key);
      if (!place) continue;
      const { segment, offset, length } = place;
      // From here on nobody reads them, whatever becomes of the write.
      this.#places.set(key, { ...place, isForgotten: true });
      const head = headOf(key, FORGOTTEN + length);
      const { bytesWritten } = await writeAll(
        segment.fd,
        [head, new Uint8Array(length)],
        offset - HEAD_BYTES,
      );
      if (bytesWritten !== HEAD_BYTES + length)
        throw new Failure(
          'blobs-unwritable',
          `A blob in ${this.#directory} could not be overwritten: ask again.`,
        );
      touched.add(segment.fd);
    }
    for (const fd of touched) await syncData(fd);
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    for (const { fd } of this.#segments.values()) closeSync(fd);
    this.#segments.clear();
    this.#places.clear();
  }

  /** Runs while there is something to write; what is put meanwhile goes with the next write. */
  async #write(): Promise<void> {
    while (this.#runs.length > 0 && this.#failure === null) {
      const runs = this.#runs;
      this.#runs = [];
      for (const { segment, position, parts, keys } of runs) {
        const length = parts.reduce((sum, part) => sum + part.length, 0);
        try {
          const { bytesWritten } = await writeAll(segment.fd, parts, position);
          if (bytesWritten !== length) throw new Error(`${bytesWritten} of ${length} bytes written`);
        } catch (error) {
          this.#fail(error);
        }
        for (const key of keys) this.#waiting.delete(key);
      }
    }
  }

  #fail(cause: unknown): void {
    const message = `Results could not be written to ${this.#directory}: free the disk and start again.`;
    this.#failure ??= new Failure('blobs-unwritable', message, { cause });
  }

  #writable(): Segment {
    const last = [...this.#segments.values()].at(-1);
    if (last && last.bytes < this.#bytesMax) return last;
    const id = (last?.id ?? 0) + 1;
    const segment = { id, fd: openSync(join(this.#directory, fileName(id)), 'wx+'), bytes: 0 };
    // The name of a new file is as little on the disk as its bytes.
    const directory = openSync(this.#directory, 'r');
    fsyncSync(directory);
    closeSync(directory);
    this.#segments.set(id, segment);
    return segment;
  }

  #load({ segment: id, bytes }: SegmentEnd): void {
    const file = join(this.#directory, fileName(id));
    try {
      if (statSync(file).size < bytes) throw new Error('the file is too short'); // Cutting would lengthen it with zeros.
      truncateSync(file, bytes);
      const segment: Segment = { id, fd: openSync(file, 'r+'), bytes };
      this.#segments.set(id, segment);
      const head = new Uint8Array(HEAD_BYTES);
      for (let offset = 0; offset < bytes; ) {
        readExactly(segment, head, offset);
        const key = toHex(head.subarray(0, KEY_BYTES));
        const stated = new DataView(head.buffer).getUint32(KEY_BYTES);
        const isForgotten = stated >= FORGOTTEN;
        const length = isForgotten ? stated - FORGOTTEN : stated;
        this.#places.set(key, { segment, offset: offset + HEAD_BYTES, length, isForgotten });
        offset += HEAD_BYTES + length;
      }
    } catch (cause) {
      throw new Failure('blobs-damaged', `${file} does not hold what was committed: restore it.`, { cause });
    }
  }
}

function fileName(id: number): string {
  return `${String(id).padStart(8, '0')}.blobs`;
}

function headOf(key: string, length: number): Uint8Array {
  const name = fromHex(key);
  assert(name?.length === KEY_BYTES, `"${key}" is no hash of a blob`);
  const head = new Uint8Array(HEAD_BYTES);
  head.set(name);
  new DataView(head.buffer).setUint32(KEY_BYTES, length);
  return head;
}

function readExactly({ fd, id }: Segment, into: Uint8Array, offset: number): void {
  const read = readSync(fd, into, 0, into.length, offset);
  if (read !== into.length) throw new Failure('blobs-damaged', `${fileName(id)} ends before byte ${offset}.`);
}
