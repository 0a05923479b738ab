import { Failure } from '@jamnet/base';
import { afterEach, expect, test, vi } from 'vitest';
import { tellOnce, tellStderr } from './tell-failure.ts';

const written: string[] = [];
vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
  written.push(String(text));
  return true;
});
afterEach(() => void written.splice(0));

test('a failure is one line that begins with the part that speaks and ends with its code, if it has one', () => {
  tellStderr('object store')(new Error('no\n  answer'));
  tellStderr('books')(new Failure('log-damaged', 'A tile is gone.'));
  expect(written).toEqual(['object store: Error: no answer\n', 'books: A tile is gone. [log-damaged]\n']);
});

test('what is said again in a row is not written again, by each part for itself', () => {
  const [books, pay] = [tellOnce('books'), tellOnce('pay')];
  for (const tell of [books, books, pay]) tell('away');
  books('gone');
  books('away');
  expect(written).toEqual(['books: away\n', 'pay: away\n', 'books: gone\n', 'books: away\n']);
});
