import { encodeUtf8, ok, type Result, refuse } from '@jamnet/base';
import {
  LineSplitter,
  MULTITRACK_LIMITS,
  type MultitrackCode,
  type MultitrackHeader,
  MultitrackReader,
  type MultitrackRecord,
  type MultitrackState,
  MultitrackWriter,
} from '@jamnet/jdat';
import { type ByteFile, piecesOf, writeFull } from './byte-file.ts';

/** Lines wait for one write of about this size. */
const BATCH_CHARACTERS = 1 << 16;

/** A take in the browser's storage while it is written: at any moment a prefix that can be closed later. */
export class OpenTake {
  readonly writer: MultitrackWriter;
  readonly #file: ByteFile;
  #atByte: number;
  #waiting = '';

  /** Begins a take in an empty file. */
  static create(file: ByteFile, header: MultitrackHeader): OpenTake {
    return new OpenTake(file, 0, (emit) => MultitrackWriter.begin(header, emit));
  }

  /** Goes on where the lines that made `state` end, at `atByte`. */
  static resume(file: ByteFile, state: MultitrackState, atByte: number): OpenTake {
    file.truncate(atByte);
    return new OpenTake(file, atByte, (emit) => MultitrackWriter.resume(state, emit));
  }

  private constructor(
    file: ByteFile,
    atByte: number,
    open: (emit: (line: string) => void) => MultitrackWriter,
  ) {
    this.#file = file;
    this.#atByte = atByte;
    this.writer = open((line) => {
      this.#waiting += `${line}\n`;
      if (this.#waiting.length > BATCH_CHARACTERS) this.#write();
    });
  }

  #write(): void {
    const bytes = encodeUtf8(this.#waiting);
    this.#waiting = '';
    writeFull(this.#file, bytes, this.#atByte);
    this.#atByte += bytes.length;
  }

  /** What was written so far is kept, whatever becomes of the page. */
  flush(): void {
    if (this.#waiting !== '') this.#write();
    this.#file.flush();
  }

  /** Writes the last line with its hashes. */
  finish(): void {
    this.writer.end();
    this.flush();
  }
}

/** What a take file held. */
export interface TakeContent {
  readonly state: MultitrackState;
  /** Bytes of the whole lines; what follows was cut off. */
  readonly wholeBytes: number;
}

/** Reads a take piece by piece, giving each record to `onRecord` and the share read so far to `onShare`. */
export function readTake(
  file: ByteFile,
  options: { readonly sound: boolean },
  onRecord: (record: MultitrackRecord, state: MultitrackState) => void = () => undefined,
  onShare: (share: number) => void = () => undefined,
): Result<TakeContent, MultitrackCode> {
  const reader = new MultitrackReader(options);
  const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
  const bytes = file.getSize();
  let seen = 0;
  for (const piece of piecesOf(file)) {
    for (const line of splitter.push(piece)) {
      const answer = reader.line(line);
      if (!answer.ok) return answer;
      if (answer.value !== null && 'type' in answer.value && reader.state !== null)
        onRecord(answer.value, reader.state);
    }
    seen += piece.length;
    onShare(seen / bytes);
  }
  if (reader.state === null) return refuse('take-empty', 'The take has no whole line.');
  return ok({ state: reader.state, wholeBytes: splitter.wholeBytes });
}

/** Closes a take that was cut off, by a reload or a browser that ended; one that is whole stays as it is. */
export function closeCutOff(file: ByteFile): Result<MultitrackState, MultitrackCode> {
  const whole = readTake(file, { sound: false });
  if (!whole.ok) return whole;
  if (whole.value.state.isEnded) return ok(whole.value.state);
  // The hashes in the last line need the sound.
  const content = readTake(file, { sound: true });
  if (!content.ok) return content;
  const { state, wholeBytes } = content.value;
  OpenTake.resume(file, state, wholeBytes).finish();
  return ok(state);
}
