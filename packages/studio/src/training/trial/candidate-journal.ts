import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { bigintAsText, canonicalJson, Failure, fromHex, toHex } from '@jamnet/base';
import { type NodeKey, platformVerifySignature } from '@jamnet/jamnode';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { writeWhole } from '../../config/write-whole.ts';

/** Candidates of ten years, one a day, two lines each. */
export const CANDIDATE_LINES_MAX = 7320;
const DOMAIN = 'jamnet/candidate/v1';
const NO_LINE_BEFORE = '0'.repeat(64);

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** Big integers as decimal text: JSON has none. */
const Whole = Type.String({ pattern: '^(0|-?[1-9][0-9]{0,18})$' });
const Chained = {
  previousSha256: Sha256,
  /** Ed25519 over the domain and the canonical JSON of all else, hex. */
  signature: Type.String({ pattern: '^[0-9a-f]{128}$' }),
};
const Opened = {
  kind: Type.Literal('candidate'),
  model: Type.String({ minLength: 1, maxLength: 64 }),
  modelSha256: Sha256,
  /** The model that it was measured against and is heard beside. */
  releasedSha256: Sha256,
  heldOutSha256: Sha256,
  gainPpm: Whole,
  gainLowerPpm: Type.Union([Whole, Type.Null()]),
  clips: Type.Integer({ minimum: 1 }),
  openedAtUs: Whole,
  deadlineUs: Whole,
};
const Ended = {
  kind: Type.Enum(['released', 'refused'] as const),
  modelSha256: Sha256,
  code: Type.Enum([
    'heard',
    'deadline',
    'curators-prefer-released',
    'released-meanwhile',
    'withdrawn',
  ] as const),
  reason: Type.String({ maxLength: 1000 }),
  /** Owner groups that judged. */
  groups: Type.Integer({ minimum: 0 }),
  atUs: Whole,
};
const closed = { additionalProperties: false } as const;
const Line = Type.Union([
  Type.Object({ ...Opened, ...Chained }, closed),
  Type.Object({ ...Ended, ...Chained }, closed),
]);
const OpenedLine = Type.Object(Opened, closed);
const EndedLine = Type.Object(Ended, closed);
export type CandidateOpened = Static<typeof OpenedLine>;
export type CandidateEnded = Static<typeof EndedLine>;
type CandidateLine = CandidateOpened | CandidateEnded;

/**
 * Which candidates waited and what became of each, beside the list of releases: lines that are signed and chained as those are. Throws
 * `candidates-malformed`, `candidates-broken` or `candidates-forged` on a file that the key's owner did not write so, `candidates-full`.
 */
export class CandidateJournal {
  readonly #file: string;
  readonly #key: NodeKey;
  readonly #linesMax: number;
  readonly #lines: CandidateLine[] = [];
  #text = '';

  constructor(file: string, key: NodeKey, linesMax = CANDIDATE_LINES_MAX) {
    this.#linesMax = linesMax;
    this.#file = file;
    this.#key = key;
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    let previous = NO_LINE_BEFORE;
    for (const line of text.split('\n').filter((each) => each !== '')) {
      this.#lines.push(this.#read(line, previous));
      previous = sha256Of(line);
    }
    this.#text = text;
  }

  get lines(): readonly CandidateLine[] {
    return this.#lines;
  }

  /** The candidate that was opened and not ended. */
  get waiting(): CandidateOpened | null {
    const last = this.#lines.at(-1);
    return last?.kind === 'candidate' ? last : null;
  }

  /** On the disk when it returns. */
  append(entry: CandidateLine): void {
    if (this.#lines.length >= this.#linesMax)
      throw new Failure('candidates-full', `${this.#file} has ${this.#linesMax} lines: begin another.`);
    const last = this.#text.trimEnd().split('\n').at(-1) ?? '';
    const previousSha256 = last === '' ? NO_LINE_BEFORE : sha256Of(last);
    const signature = toHex(this.#key.sign(statementOf(entry, previousSha256)));
    const text = `${this.#text}${canonicalJson({ ...entry, previousSha256, signature })}\n`;
    writeWhole(this.#file, text);
    this.#text = text;
    this.#lines.push(entry);
  }

  #read(line: string, previous: string): CandidateLine {
    const row: unknown = readJson(line);
    if (!Check(Line, row))
      throw new Failure('candidates-malformed', `${this.#file} has a line that is none: restore it.`);
    const { previousSha256, signature, ...entry } = row;
    if (previousSha256 !== previous)
      throw new Failure(
        'candidates-broken',
        `${this.#file} has a line that does not follow the one before: restore it.`,
      );
    const signed = fromHex(signature);
    const key = fromHex(this.#key.publicKey);
    if (!signed || !key || !platformVerifySignature(key, statementOf(entry, previous), signed))
      throw new Failure('candidates-forged', `${this.#file} has a line that models-key did not sign.`);
    return entry;
  }
}

/** Amounts of a line as text. */
export function wholeText(value: bigint): string {
  return String(bigintAsText('', value));
}

function statementOf(entry: CandidateLine, previousSha256: string): Uint8Array {
  return Buffer.from(`${DOMAIN}\0${canonicalJson({ ...entry, previousSha256 })}`);
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function sha256Of(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
