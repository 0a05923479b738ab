import { createReadStream } from 'node:fs';
import { Failure } from '@jamnet/base';
import {
  LineSplitter,
  MULTITRACK_LIMITS,
  type MultitrackHeader,
  type MultitrackReader,
  type MultitrackRecord,
} from '@jamnet/jdat';

/** A line of a multitrack take, as its bytes and as what it says; null: nothing of this version. */
export interface TakeLine {
  readonly bytes: Uint8Array;
  readonly value: MultitrackHeader | MultitrackRecord | null;
}

/** The lines of a take on disk in order, in memory that does not grow; throws a `Failure` at the first that the reader refuses. */
export async function* takeLines(file: string, reader: MultitrackReader): AsyncGenerator<TakeLine> {
  const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
  for await (const piece of createReadStream(file))
    for (const bytes of splitter.push(piece)) {
      const answer = reader.line(bytes);
      if (!answer.ok) throw new Failure(answer.code, `${file}: ${answer.message}`);
      yield { bytes, value: answer.value };
    }
}

/** The same without the header and what is of no version. */
export async function* takeRecords(file: string, reader: MultitrackReader): AsyncGenerator<MultitrackRecord> {
  for await (const { value } of takeLines(file, reader)) if (value !== null && 'type' in value) yield value;
}
