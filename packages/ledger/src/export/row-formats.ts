import { canonicalJson } from '@jamnet/base';
import type { JournalFormat, Movement } from './journal-format.ts';

/** One row per leg, amounts in smallest units as decimal text. Codes, kinds and keys hold no line break; quotes double. */
export const csvFormat: JournalFormat = {
  header: () => 'leaf,accepted_at_us,key,kind,evidence,account,asset,amount\r\n',
  account: () => '',
  opening: (_, balances) =>
    balances.map(({ account, asset, amount }) => `,,,opening,,${account},${asset},${amount}\r\n`).join(''),
  movement: ({ index, acceptedAtUs, entry, postings }) =>
    postings
      .map(({ account, asset, amount }) => {
        const key = `"${entry.key.replaceAll('"', '""')}"`;
        return `${index},${acceptedAtUs},${key},${entry.kind},${entry.evidence ?? ''},${account},${asset},${amount}\r\n`;
      })
      .join(''),
  closing: () => '',
};

/** One JSON object per movement; integers as decimal strings, since JSON numbers lose digits past 2⁵³. */
export const jsonlFormat: JournalFormat = {
  header: () => '',
  account: () => '',
  opening: (_, balances) =>
    balances.map((posting) => `${canonicalJson({ opening: { ...posting } })}\n`).join(''),
  movement: (movement) => `${canonicalJson(objectOf(movement))}\n`,
  closing: (_, balances) =>
    balances.map((posting) => `${canonicalJson({ closing: { ...posting } })}\n`).join(''),
};

function objectOf({ index, acceptedAtUs, entry, postings }: Movement) {
  const { key, kind, evidence } = entry;
  return {
    leaf: index,
    acceptedAtUs,
    key,
    kind,
    evidence,
    legs: postings.map((posting) => ({ ...posting })),
  };
}
