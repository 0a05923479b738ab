import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepAnswer } from './kept-answers.ts';

test('an answer is kept once for each bank, and one too many is refused before anything is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-answers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [full, other] = [join(folder, 'full'), join(folder, 'other')];
  for (const text of ['<a/>', '<b/>', '<a/>'])
    expect(keepAnswer([full], 'pain.002', text, 2)).toMatchObject({ ok: true });
  expect(readdirSync(full)).toHaveLength(2);

  expect(keepAnswer([other, full], 'camt.054', '<c/>', 2)).toMatchObject({
    ok: false,
    code: 'too-many-answers',
    message: expect.stringContaining(full),
  });
  expect(readdirSync(folder)).toEqual(['full']);
  expect(keepAnswer([other, full], 'pain.002', '<b/>', 2)).toMatchObject({ ok: true });
  expect(readdirSync(other)).toHaveLength(1);
});
