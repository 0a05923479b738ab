import { expect, test } from 'vitest';
import { explainProblem } from '../fetch-json.ts';
import { GERMAN_REFUSALS } from './german-refusals.ts';
import { inLanguageOf } from './in-language-of.ts';

test('a refusal keeps its code, and is said in the language of the page where that has a sentence', async () => {
  const refused = explainProblem(422, {
    title: 'Refused',
    code: 'cut-off-passed',
    detail: 'The cut-off has passed.',
  });
  expect(await inLanguageOf('en', refused)).toMatchObject({
    code: 'cut-off-passed',
    message: 'The cut-off has passed.',
  });
  expect(await inLanguageOf('de', refused)).toMatchObject({
    code: 'cut-off-passed',
    message: GERMAN_REFUSALS['cut-off-passed'],
  });
  for (const code of ['of-a-newer-studio', 'toString', '__proto__'])
    expect(await inLanguageOf('de', { ok: false, code, message: 'As it is.' })).toMatchObject({
      code,
      message: 'As it is.',
    });
});
