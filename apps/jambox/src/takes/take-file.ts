import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { ok, type Result } from '@jamnet/base';
import { type MultitrackCode, type MultitrackHeader, MultitrackWriter } from '@jamnet/jdat';
import { readTakeFile } from './read-take-file.ts';

/** Lines wait for one write of about this size. */
const BATCH_CHARACTERS = 1 << 16;

/** A multitrack take on disk, while it is written: at any moment a prefix of it that can be read, continued and closed. */
export class TakeFile {
  readonly file: string;
  readonly writer: MultitrackWriter;
  readonly #handle: number;
  #waiting = '';

  /** Begins a take; a file of that name must not be there. */
  static create(file: string, header: MultitrackHeader): TakeFile {
    const handle = openSync(file, 'wx');
    return new TakeFile(file, handle, (emit) => MultitrackWriter.begin(header, emit));
  }

  /** Opens a take that was cut off, dropping a torn last line. */
  static reopen(file: string): Result<TakeFile, MultitrackCode> {
    const content = readTakeFile(file, { sound: true });
    if (!content.ok) return content;
    const { state, wholeBytes } = content.value;
    const handle = openSync(file, 'r+');
    ftruncateSync(handle, wholeBytes);
    return ok(new TakeFile(file, handle, (emit) => MultitrackWriter.resume(state, emit), wholeBytes));
  }

  private constructor(
    file: string,
    handle: number,
    open: (emit: (line: string) => void) => MultitrackWriter,
    atByte = 0,
  ) {
    this.file = file;
    this.#handle = handle;
    this.#atByte = atByte;
    this.writer = open((line) => {
      this.#waiting += `${line}\n`;
      if (this.#waiting.length > BATCH_CHARACTERS) this.#write();
    });
  }

  #atByte: number;

  #write(): void {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#handle, bytes, done, bytes.length - done, this.#atByte + done);
    this.#atByte += bytes.length;
  }

  /** What was written so far is on the disk when it returns. */
  flush(): void {
    if (this.#waiting !== '') this.#write();
    fdatasyncSync(this.#handle);
  }

  /** Writes the last line with its hashes. */
  finish(): void {
    this.writer.end();
    this.flush();
    closeSync(this.#handle);
  }

  /** Leaves the take open-ended, as a crash would, but with all its lines. */
  abandon(): void {
    this.flush();
    closeSync(this.#handle);
  }
}
