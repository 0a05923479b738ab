import { concatBytes, encodeUtf8, toHex, uint64Bytes } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { int16ToBytes } from './pcm.ts';
import type { Take } from './take.ts';

const TAKE_DOMAIN = 'jamnet/take/v1\n';
const CONTENT_DOMAIN = 'jamnet/take-content/v1\n';
const STARTED_AT = /"startedAtUs":"\d+",?/;

/**
 * Content address of a take's text (as {@link takeText} writes it): SHA-256 in hex of domain, header without
 * `startedAtUs`, and all records. Two evenings with the same names, consent, sound and losses share one address.
 */
export function takeHash(text: string): string {
  const end = text.indexOf('\n');
  const headerLine = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? '' : text.slice(end);
  return toHex(sha256(encodeUtf8(TAKE_DOMAIN + withoutStart(headerLine) + rest)));
}

/** Cuts the member out of our own canonical text; other texts are hashed as they stand. */
function withoutStart(headerLine: string): string {
  return headerLine.replace(STARTED_AT, '');
}

/**
 * SHA-256 in hex of the sound alone: rate, then each unbroken run of audio with its place. Independent of names,
 * times, spans and of how the audio is cut into records.
 */
export function contentHash(take: Take): string {
  const hash = sha256
    .create()
    .update(encodeUtf8(CONTENT_DOMAIN))
    .update(uint64Bytes(BigInt(take.header.sampleRateHz)));
  let runStart = 0;
  let runEnd = 0;
  let run: Uint8Array[] = [];
  const finishRun = (): void => {
    if (runEnd > runStart)
      hash.update(concatBytes(uint64Bytes(BigInt(runStart)), uint64Bytes(BigInt(runEnd)), ...run));
    run = [];
  };
  for (const record of take.records) {
    if (record.type !== 'audio' || record.samples.length === 0) continue;
    if (record.atSample !== runEnd || run.length === 0) {
      finishRun();
      runStart = record.atSample;
    }
    run.push(int16ToBytes(record.samples));
    runEnd = record.atSample + record.samples.length;
  }
  finishRun();
  return toHex(hash.digest());
}
