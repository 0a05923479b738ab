import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LABELS_MAX, LabelBook } from './label-book.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'jamnet-labels-')), 'labels.json');

test('a name outlives the process, and a stranger is shown by the pseudonym', () => {
  const file = newFile();
  new LabelBook(file).name('p123', 'the guitar stem');
  expect(new LabelBook(file).labelOf('p123')).toBe('the guitar stem');
  expect(new LabelBook(file).labelOf('p0123456789abcdef')).toBe('p01234567');
});

test('a full book takes no further name', () => {
  const file = newFile();
  writeFileSync(
    file,
    JSON.stringify(Object.fromEntries(Array.from({ length: LABELS_MAX }, (_, i) => [`p${i}`, 'x']))),
  );
  const book = new LabelBook(file);
  book.name('stranger', 'name');
  expect(book.labelOf('stranger')).toBe('stranger');
});
