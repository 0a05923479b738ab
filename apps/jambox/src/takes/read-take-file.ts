import { closeSync, openSync, readSync } from 'node:fs';
import { type Result, refuse } from '@jamnet/base';
import {
  LineSplitter,
  MULTITRACK_LIMITS,
  type MultitrackCode,
  type MultitrackHeader,
  MultitrackReader,
  type MultitrackRecord,
  type MultitrackState,
} from '@jamnet/jdat';

const CHUNK_BYTES = 1 << 18;

/** A file piece by piece; each piece is valid until the next is asked for. */
export function* fileChunks(file: string): Iterable<Uint8Array> {
  const handle = openSync(file, 'r');
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    for (let count = readSync(handle, chunk); count > 0; count = readSync(handle, chunk))
      yield chunk.subarray(0, count);
  } finally {
    closeSync(handle);
  }
}

/** What a take file held. */
export interface TakeFileContent {
  readonly state: MultitrackState;
  /** Bytes of the whole lines; what follows them was cut off. */
  readonly wholeBytes: number;
  readonly tornBytes: number;
}

/**
 * Reads a multitrack take from disk, giving each record to `onRecord` as it comes. A file that was cut off is read as far as it
 * goes; `sound: false` leaves sound undecoded. Throws what the file system throws.
 */
export function readTakeFile(
  file: string,
  options: { readonly sound: boolean },
  onRecord: (record: MultitrackRecord, header: MultitrackHeader) => void = () => undefined,
): Result<TakeFileContent, MultitrackCode> {
  const reader = new MultitrackReader(options);
  const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
  for (const chunk of fileChunks(file))
    for (const line of splitter.push(chunk)) {
      const answer = reader.line(line);
      if (!answer.ok) return answer;
      if (answer.value !== null && 'type' in answer.value && reader.state !== null)
        onRecord(answer.value, reader.state.header);
    }
  if (reader.state === null)
    return refuse('take-empty', 'The take has no whole line: its first must be the header.');
  return {
    ok: true,
    value: { state: reader.state, wholeBytes: splitter.wholeBytes, tornBytes: splitter.rest.length },
  };
}
