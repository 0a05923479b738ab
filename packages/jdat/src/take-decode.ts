import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { TAKE_LIMITS, type Take, type TakeRecord } from './take.ts';
import { parseHeader } from './take-header.ts';
import { parseRecord } from './take-record.ts';

export type TakeCode =
  | 'take-empty'
  | 'take-version-unknown'
  | 'take-header-malformed'
  | 'take-line-malformed'
  | 'take-line-too-long'
  | 'take-records-too-many'
  | 'take-audio-overlap';

/**
 * Reads the lines of a take (line ends removed; empty lines are skipped). Unknown members and records of an unknown
 * `type` are skipped: later versions add, they do not change.
 */
export function decodeTake(lines: Iterable<string>): Result<Take, TakeCode> {
  let header: Take['header'] | null = null;
  const records: TakeRecord[] = [];
  let audioEnd = 0;
  let lineNumber = 0;
  for (const line of lines) {
    lineNumber++;
    if (line.length === 0) continue;
    if (line.length > TAKE_LIMITS.lineLength) {
      return refuse(
        'take-line-too-long',
        `Line ${lineNumber} has over ${TAKE_LIMITS.lineLength} characters: split its audio.`,
      );
    }
    const value = parseJson(line);
    if (value === undefined) return malformed(lineNumber, 'it is no JSON');
    if (header === null) {
      const parsed = parseHeader(value);
      if (!parsed.ok) return parsed;
      header = parsed.value;
      continue;
    }
    const record = parseRecord(value);
    if (typeof record === 'string') return malformed(lineNumber, record);
    if (record === null) continue;
    if (records.length >= TAKE_LIMITS.records) {
      return refuse('take-records-too-many', `More than ${TAKE_LIMITS.records} records: split the take.`);
    }
    if (record.type === 'audio') {
      if (record.atSample < audioEnd) {
        return refuse(
          'take-audio-overlap',
          `Line ${lineNumber}: audio at ${record.atSample} overlaps audio up to ${audioEnd}.`,
        );
      }
      audioEnd = record.atSample + record.samples.length;
    }
    records.push(record);
  }
  if (header === null) return refuse('take-empty', 'The take is empty: its first line must be the header.');
  return ok({ header, records });
}

function malformed(lineNumber: number, why: string): Refusal<TakeCode> {
  return refuse('take-line-malformed', `Line ${lineNumber} of the take cannot be read: ${why}.`);
}

function parseJson(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return undefined;
  }
}
