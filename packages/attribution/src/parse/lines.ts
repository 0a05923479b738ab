import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { PlacedStatement } from '../core/statement.ts';

/** Lines of one file that count at most; a longer file is data. */
export const LINES_PER_FILE_MAX = 50_000;

/**
 * A text in a language without a parser here: each line with a word in it stands for a statement. Two lines are one when they
 * differ in white space only, so this form is weaker than a canonical one: other quotes or names make another line.
 */
export function lineStatements(text: string): PlacedStatement[] {
  const found: PlacedStatement[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const tokens = line.match(/\w+|[^\s\w]/gu) ?? [];
    if (tokens.some((token) => /[\p{L}\p{N}_]/u.test(token)) && found.length < LINES_PER_FILE_MAX) {
      const key = toHex(sha256(encodeUtf8(`line/1\n${tokens.join(' ')}`)).subarray(0, 16));
      found.push({
        ...{ key, tokens: tokens.length, startLine: index + 1, endLine: index + 1, probes: [offset] },
        ...{ start: offset, end: offset + line.length, filler: '' },
      });
    }
    offset += line.length + 1;
  }
  return found;
}
