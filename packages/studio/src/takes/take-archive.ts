import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import {
  LineSplitter,
  MULTITRACK_LIMITS,
  type MultitrackCode,
  MultitrackReader,
  type MultitrackState,
} from '@jamnet/jdat';
import { writeWhole } from '../config/write-whole.ts';
import { MendedFiles } from './mending/mended-files.ts';
import { writePlan } from './mending/mending-plan.ts';

/** Limits of what the archive takes in; a request beyond one is refused and changes nothing. */
export const ARCHIVE_LIMITS = {
  chunkBytes: 1 << 20,
  /** 4 GiB: sixteen players for two hours. */
  chunksPerTake: 4_096,
  /** Chunks that wait for the rest of their take, of all uploads together. */
  chunksWaiting: 8_192,
  takes: 100_000,
  /** The newest takes of a room; older ones stay, and are had by their ids. */
  shownPerRoom: 100,
  /** A chunk that nobody asked about for so long belongs to a torn upload and goes. */
  tornKeptMs: 24 * 60 * 60 * 1000,
} as const;

/** A take in the archive, under the SHA-256 of its bytes. */
export interface ArchivedTake {
  readonly id: string;
  readonly bytes: number;
  readonly room: string;
  readonly recorder: string;
  readonly startedAtUs: string;
  /** UTC µs of its first sound, decimal; takes that were filed before this was noted have none. */
  readonly recordedAtUs?: string;
  /** UTC µs at which it came here, decimal; takes of before this was noted have none. */
  readonly filedAtUs?: string;
  readonly seconds: number;
  /** The same take with holes filled by hosts, under the SHA-256 of its own bytes. */
  readonly repaired?: { readonly id: string; readonly bytes: number; readonly holes: number };
  readonly tracks: readonly {
    readonly player: string;
    readonly role: string;
    readonly from: string;
    readonly content: string;
  }[];
}

export type ArchiveCode =
  | MultitrackCode
  | 'chunk-hash-differs'
  | 'chunk-too-large'
  | 'chunks-waiting-too-many'
  | 'chunks-missing'
  | 'chunks-too-many'
  | 'take-bytes-differ'
  | 'take-not-closed'
  | 'take-consent-missing'
  | 'take-not-yours'
  | 'take-erased'
  | 'takes-too-many';

/** Who may file a take that a guest of a room sends: only the one who recorded it, and only his own tracks. */
export interface Recorder {
  readonly room: string;
  readonly player: string;
}

const HASH = /^[0-9a-f]{64}$/;

/** Multitrack takes on disk by content, and the chunks of uploads under way. */
export class TakeArchive {
  readonly #chunks: string;
  readonly #takes: string;
  /** A folder for each room, with an empty file for each of its takes, named by when it began and its id. */
  readonly #rooms: string;
  readonly #nowMs: () => number;
  /** What hosts mend. */
  readonly mended: MendedFiles;
  /** Of uploads being checked just now, each as often as it is. */
  readonly #checking: string[] = [];

  /** Removes what torn uploads left. */
  constructor(directory: string, nowMs: () => number) {
    this.#chunks = join(directory, 'chunks');
    this.#takes = join(directory, 'takes');
    this.#rooms = join(directory, 'rooms');
    this.#nowMs = nowMs;
    for (const folder of [this.#chunks, this.#takes]) mkdirSync(folder, { recursive: true });
    this.mended = new MendedFiles(this.#takes);
    // What a crash kept from being erased.
    for (const id of this.erased()) this.#removeFiles(id);
    this.#sweep();
    if (!existsSync(this.#rooms)) this.#noteAll();
  }

  hasChunk(sha256: string): boolean {
    return HASH.test(sha256) && existsSync(join(this.#chunks, sha256));
  }

  /** Keeps a chunk under its hash; the same again changes nothing. */
  putChunk(sha256: string, bytes: Uint8Array): Result<{ readonly sha256: string }, ArchiveCode> {
    if (bytes.length > ARCHIVE_LIMITS.chunkBytes)
      return refuse('chunk-too-large', `A chunk has at most ${ARCHIVE_LIMITS.chunkBytes} bytes.`);
    if (!HASH.test(sha256) || createHash('sha256').update(bytes).digest('hex') !== sha256)
      return refuse('chunk-hash-differs', 'The chunk is not what its hash says: send it again.');
    if (this.hasChunk(sha256)) return ok({ sha256 });
    if (this.#waiting() >= ARCHIVE_LIMITS.chunksWaiting) {
      this.#sweep();
      if (this.#waiting() >= ARCHIVE_LIMITS.chunksWaiting)
        return refuse('chunks-waiting-too-many', 'Too many uploads are unfinished: try again tomorrow.');
    }
    writeWhole(join(this.#chunks, sha256), bytes);
    return ok({ sha256 });
  }

  /** Makes a take of chunks that are here; a take that is here already is answered again. */
  async complete(
    id: string,
    chunks: readonly string[],
    recorder: Recorder | null = null,
  ): Promise<Result<ArchivedTake, ArchiveCode>> {
    if (this.isErased(id)) return ERASED;
    const known = this.take(id);
    if (known !== null) return isBy(known, recorder) ? ok(known) : NOT_YOURS;
    if (chunks.length > ARCHIVE_LIMITS.chunksPerTake)
      return refuse('chunks-too-many', `A take has at most ${ARCHIVE_LIMITS.chunksPerTake} chunks.`);
    const missing = chunks.filter((chunk) => !this.hasChunk(chunk)).length;
    if (missing > 0)
      return refuse('chunks-missing', `${missing} chunks of the take are not here: send them first.`);
    const part = this.#newPart();
    const file = openSync(part, 'w');
    try {
      for (const chunk of chunks) writeSync(file, readFileSync(join(this.#chunks, chunk)));
    } finally {
      closeSync(file);
    }
    const filed = await this.#file(id, part, recorder);
    if (filed.ok) for (const chunk of chunks) rmSync(join(this.#chunks, chunk), { force: true });
    return filed;
  }

  /**
   * Files a take that is on this machine: the same checks as of one that was uploaded. `isMended`: somebody else sees to its holes, and hosts
   * are not asked.
   */
  async addFile(file: string, { isMended = false } = {}): Promise<Result<ArchivedTake, ArchiveCode>> {
    const sum = createHash('sha256');
    const part = this.#newPart();
    const handle = openSync(part, 'w');
    try {
      for await (const piece of createReadStream(file)) {
        sum.update(piece);
        writeSync(handle, piece);
      }
    } finally {
      closeSync(handle);
    }
    return await this.#file(sum.digest('hex'), part, null, isMended);
  }

  /** Each its own: while one is checked, nobody else may write to it. */
  #newPart(): string {
    return join(this.#takes, `${randomUUID()}.part`);
  }

  /** Checks the file and gives it its name, or removes it. */
  async #file(
    id: string,
    part: string,
    recorder: Recorder | null,
    isMended = false,
  ): Promise<Result<ArchivedTake, ArchiveCode>> {
    const checked = await this.#checkOf(id, part, recorder);
    if (checked.ok) {
      writeWhole(join(this.#takes, `${id}.json`), JSON.stringify(checked.value));
      this.#note(checked.value);
      if (isMended) writePlan(this.mended.planFile(id), { isWhole: true, excerpts: [] });
      renameSync(part, join(this.#takes, `${id}.jdat`));
    } else rmSync(part, { force: true });
    return checked;
  }

  async #checkOf(
    id: string,
    part: string,
    recorder: Recorder | null,
  ): Promise<Result<ArchivedTake, ArchiveCode>> {
    if (this.isErased(id)) return ERASED;
    this.#checking.push(id);
    try {
      const read = await this.#check(id, part);
      // Somebody may have had it erased while it was read; from here to the file nothing waits.
      if (this.isErased(id)) return ERASED;
      return read.ok && !isBy(read.value, recorder) ? NOT_YOURS : read;
    } finally {
      this.#checking.splice(this.#checking.indexOf(id), 1);
    }
  }

  /** Reads the file piece by piece, so that others are answered meanwhile. */
  async #check(id: string, part: string): Promise<Result<ArchivedTake, ArchiveCode>> {
    const sum = createHash('sha256');
    const reader = new MultitrackReader({ sound: false });
    const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
    let contents: readonly string[] = [];
    for await (const piece of createReadStream(part)) {
      sum.update(piece);
      for (const line of splitter.push(piece)) {
        const answer = reader.line(line);
        if (!answer.ok) return answer;
        if (answer.value !== null && 'contents' in answer.value) contents = answer.value.contents;
      }
    }
    const { state } = reader;
    if (sum.digest('hex') !== id)
      return refuse('take-bytes-differ', 'The chunks do not make the take that their list names.');
    if (state === null || !state.isEnded)
      return refuse(
        'take-not-closed',
        'The take has no last line: close it with "jamnet take recover" first.',
      );
    if (state.tracks.some(({ track }) => !track.consent.record))
      return refuse(
        'take-consent-missing',
        'Somebody in this take did not agree to be recorded: it is not kept.',
      );
    if (this.list().length >= ARCHIVE_LIMITS.takes)
      return refuse('takes-too-many', `The archive holds ${ARCHIVE_LIMITS.takes} takes and no more.`);
    const filedAtUs = (BigInt(Math.floor(this.#nowMs())) * 1000n).toString();
    return ok({ ...archivedTake(id, statSync(part).size, state, contents), filedAtUs });
  }

  take(id: string): ArchivedTake | null {
    if (this.file(id) === null) return null;
    // Written by #file of this or an earlier run of the same program.
    return JSON.parse(readFileSync(join(this.#takes, `${id}.json`), 'utf8')) as ArchivedTake;
  }

  /**
   * Takes a take's bytes away for good, also of one that is just being filed; its id stays, and is refused from then on. Nothing happens
   * where there is none.
   */
  erase(id: string): void {
    const take = this.take(id);
    if (take === null && !this.#checking.includes(id)) return;
    const erasedAtUs = (BigInt(Math.floor(this.#nowMs())) * 1000n).toString();
    // First what says so: a crash after it is made good when the archive opens.
    writeWhole(join(this.#takes, `${id}.erased`), JSON.stringify({ id, erasedAtUs }));
    const folder = take && this.#roomFolder(take.room);
    if (folder !== null && existsSync(folder))
      for (const name of readdirSync(folder)) if (name.endsWith(id)) rmSync(join(folder, name));
    this.#removeFiles(id);
  }

  isErased(id: string): boolean {
    return HASH.test(id) && existsSync(join(this.#takes, `${id}.erased`));
  }

  /** Ids of takes that were erased, sorted. */
  erased(): string[] {
    return readdirSync(this.#takes)
      .filter((name) => name.endsWith('.erased'))
      .map((name) => name.slice(0, -'.erased'.length))
      .sort();
  }

  /** Makes the repaired version of a take out of what `write` writes to a file, in place of one that is there; null: there is none any more. */
  async repair(
    id: string,
    write: (part: string) => Promise<NonNullable<ArchivedTake['repaired']> | null>,
  ): Promise<void> {
    const part = this.#newPart();
    try {
      const repaired = await write(part);
      const take = this.take(id);
      // Erased meanwhile: nothing waits from here to the files.
      if (take === null) return;
      const { repaired: _, ...bare } = take;
      if (repaired !== null) renameSync(part, this.mended.path(id, repaired.id));
      const told = repaired === null ? bare : { ...bare, repaired };
      writeWhole(join(this.#takes, `${id}.json`), JSON.stringify(told));
      this.mended.remove(id, repaired?.id);
    } finally {
      rmSync(part, { force: true });
    }
  }

  #removeFiles(id: string): void {
    this.mended.remove(id);
    for (const ending of ['jdat', 'json']) rmSync(join(this.#takes, `${id}.${ending}`), { force: true });
  }

  /** Path of a take; `null` where there is none of that id. */
  file(id: string): string | null {
    const file = join(this.#takes, `${id}.jdat`);
    return HASH.test(id) && existsSync(file) ? file : null;
  }

  /** A take, or the repaired version of one, by the SHA-256 of its bytes; `null` where there is none. */
  version(sha256: string): { readonly take: ArchivedTake; readonly file: string } | null {
    const id = this.file(sha256) === null && HASH.test(sha256) ? this.mended.takeOf(sha256) : sha256;
    const take = id === null ? null : this.take(id);
    if (take === null) return null;
    const file = id === sha256 ? this.file(sha256) : this.mended.file(take.id, sha256);
    return file === null ? null : { take, file };
  }

  /** Ids of all takes, sorted. */
  list(): string[] {
    return readdirSync(this.#takes)
      .filter((name) => name.endsWith('.jdat'))
      .map((name) => name.slice(0, -'.jdat'.length))
      .sort();
  }

  /** Ids of all takes, in the order in which they came; those of before that was noted first. */
  listAsFiled(): string[] {
    const came = new Map(this.list().map((id) => [id, BigInt(this.take(id)?.filedAtUs ?? 0)]));
    return [...came.keys()].sort((a, b) => {
      const [one = 0n, other = 0n] = [came.get(a), came.get(b)];
      return one === other ? (a < b ? -1 : 1) : one < other ? -1 : 1;
    });
  }

  /** Takes of a room, the newest first, at most {@link ARCHIVE_LIMITS.shownPerRoom}. */
  ofRoom(room: string): ArchivedTake[] {
    const folder = this.#roomFolder(room);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).sort().reverse();
    return names.slice(0, ARCHIVE_LIMITS.shownPerRoom).flatMap((name) => {
      const take = this.take(name.slice(-64));
      return take === null ? [] : [take];
    });
  }

  #roomFolder(room: string, root = this.#rooms): string {
    // A room's name may be anything that a take says.
    return join(root, createHash('sha256').update(room).digest('hex'));
  }

  /** Before the take has its name: a take that is there is always found by its room. */
  #note(take: ArchivedTake, root = this.#rooms): void {
    const folder = this.#roomFolder(take.room, root);
    mkdirSync(folder, { recursive: true });
    const moment = (take.recordedAtUs ?? take.startedAtUs).padStart(20, '0');
    writeFileSync(join(folder, `${moment}-${take.id}`), '');
  }

  /** An archive of an earlier version does not know its takes by rooms yet. */
  #noteAll(): void {
    const fresh = `${this.#rooms}.new`;
    mkdirSync(fresh, { recursive: true });
    for (const id of this.list()) {
      const take = this.take(id);
      if (take !== null) this.#note(take, fresh);
    }
    renameSync(fresh, this.#rooms);
  }

  #waiting(): number {
    return readdirSync(this.#chunks).length;
  }

  #sweep(): void {
    for (const folder of [this.#chunks, this.#takes])
      for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        const isTorn = folder === this.#chunks || name.endsWith('.part') || name.endsWith('.new');
        if (isTorn && this.#nowMs() - statSync(file).mtimeMs > ARCHIVE_LIMITS.tornKeptMs)
          rmSync(file, { force: true });
      }
  }
}

const NOT_YOURS = refuse(
  'take-not-yours',
  'This take was recorded by somebody else or in another room: join there under the name that recorded it.',
);

const ERASED = refuse('take-erased', 'A player had this take erased: it is not taken in again.');

/** Whether `recorder` recorded all of it; without one anybody may file it. */
function isBy({ room, recorder: by, tracks }: ArchivedTake, recorder: Recorder | null): boolean {
  if (recorder === null) return true;
  return (
    room === recorder.room &&
    by === recorder.player &&
    tracks.every(({ player, role, from }) => player === by && (role === 'heard' || from === by))
  );
}

function archivedTake(
  id: string,
  bytes: number,
  state: MultitrackState,
  contents: readonly string[],
): ArchivedTake {
  const { room, recorder, startedAtUs, sampleRateHz } = state.header;
  return {
    id,
    bytes,
    room,
    recorder,
    startedAtUs: startedAtUs.toString(),
    recordedAtUs: (
      startedAtUs + BigInt(Math.round((Math.max(0, state.fromSample) * 1e6) / sampleRateHz))
    ).toString(),
    seconds: state.fromSample < 0 ? 0 : (state.toSample - state.fromSample) / sampleRateHz,
    tracks: state.tracks.map(({ track: { player, role, from } }, i) => ({
      player,
      role,
      from,
      content: contents[i] ?? '',
    })),
  };
}
