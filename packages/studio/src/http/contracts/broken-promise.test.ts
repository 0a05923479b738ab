import { Type } from 'typebox';
import { expect, test } from 'vitest';
import type { Answered } from './answer-channel.ts';
import { brokenPromise } from './broken-promise.ts';

const PROMISED: Answered = {
  route: 'GET /api/x',
  contract: {
    summary: 'A thing',
    letsIn: 'members',
    area: 'wallet',
    answer: Type.Object({ amount: Type.String(), parts: Type.Array(Type.Object({ a: Type.Number() })) }),
    codes: ['thing-unknown'],
  },
  status: 200,
  mediaType: 'application/json',
  payload: '{"amount":"1","parts":[{"a":1}]}',
};
const refused = (code: string) => ({
  status: 404,
  mediaType: 'application/problem+json',
  payload: JSON.stringify({ code }),
});

test('an answer as its route promises is fine, and a refusal by a code that it, its gate or any route names', () => {
  expect(brokenPromise(PROMISED)).toBeNull();
  for (const code of ['thing-unknown', 'not-signed-in', 'request-invalid'])
    expect(brokenPromise({ ...PROMISED, ...refused(code) })).toBeNull();
});

test.each([
  ['says more than is written down', { payload: '{"amount":"1","parts":[{"a":1,"secret":2}]}' }],
  ['says less', { payload: '{"amount":"1"}' }],
  ['says something else', { payload: '{"amount":1,"parts":[]}' }],
  ['refuses by a code that nobody named', refused('token-missing')],
  ['refuses by no problem', { status: 404, mediaType: 'text/plain', payload: 'no' }],
])('an answer that %s is found', (_, change) => {
  expect(brokenPromise({ ...PROMISED, ...change })).toContain('GET /api/x answers');
});
