import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';

/** A piece of mono sound that a host learns from or the gate measures by. */
export interface Excerpt {
  /** [8 000, 48 000]. */
  readonly rateHz: number;
  /** At most {@link EXCERPT_SECONDS} of it: what strangers may see of a consented take. */
  readonly pcm: Int16Array;
}

export const EXCERPT_SECONDS = 2;
/** Of one round, learnt from and held out each: 49 MB of samples. */
export const ROUND_EXCERPTS_MAX = 256;

/** As it is sent: little-endian 16-bit samples in base64. */
export const ExcerptRow = Type.Object(
  {
    rateHz: Type.Integer({ minimum: 8000, maximum: 48_000 }),
    pcm: Type.String({ minLength: 4, maxLength: Math.ceil((2 * EXCERPT_SECONDS * 48_000) / 3) * 4 }),
  },
  { additionalProperties: false },
);
export const ExcerptRows = Type.Array(ExcerptRow, { maxItems: ROUND_EXCERPTS_MAX });

export function excerptRows(excerpts: readonly Excerpt[]): Static<typeof ExcerptRow>[] {
  return excerpts.map(({ rateHz, pcm }) => ({
    rateHz,
    pcm: Buffer.from(littleEndian(pcm)).toString('base64'),
  }));
}

export function readExcerptRows(value: unknown): Result<Excerpt[], 'excerpts-malformed'> {
  if (!Check(ExcerptRows, value)) return malformed();
  const excerpts: Excerpt[] = [];
  for (const { rateHz, pcm: text } of value) {
    const bytes = Buffer.from(text, 'base64');
    const frames = bytes.length / 2;
    if (bytes.toString('base64') !== text || !Number.isInteger(frames)) return malformed();
    if (frames < 1 || frames > EXCERPT_SECONDS * rateHz) return malformed();
    excerpts.push({ rateHz, pcm: Int16Array.from({ length: frames }, (_, i) => bytes.readInt16LE(2 * i)) });
  }
  return ok(excerpts);
}

/** Over rate and samples of each, in order. */
export function excerptsSha256(excerpts: readonly Excerpt[]): string {
  const hash = createHash('sha256').update('jamnet/blend-excerpts/v1\0');
  for (const { rateHz, pcm } of excerpts) hash.update(`${rateHz}\0${pcm.length}\0`).update(littleEndian(pcm));
  return hash.digest('hex');
}

/** At most `count` pieces of a sound, evenly apart; a sound too short for one gives none. */
export function cutExcerpts(samples: Float32Array, rateHz: number, count: number): Excerpt[] {
  const frames = EXCERPT_SECONDS * rateHz;
  const pieces = Math.min(count, Math.floor(samples.length / frames));
  return Array.from({ length: pieces }, (_, n) => {
    const from = Math.floor(((n + 0.5) * samples.length) / pieces - frames / 2);
    const pcm = Int16Array.from(samples.subarray(from, from + frames), (sample) =>
      Math.max(-32_768, Math.min(32_767, Math.round(32_768 * sample))),
    );
    return { rateHz, pcm };
  });
}

function littleEndian(pcm: Int16Array): Uint8Array {
  const bytes = Buffer.alloc(2 * pcm.length);
  for (let i = 0; i < pcm.length; i++) bytes.writeInt16LE(pcm[i] ?? 0, 2 * i);
  return bytes;
}

function malformed() {
  return refuse(
    'excerpts-malformed',
    `Sounds are at most ${ROUND_EXCERPTS_MAX} excerpts of up to ${EXCERPT_SECONDS} s, 8 to 48 kHz, 16 bit in base64.`,
  );
}
