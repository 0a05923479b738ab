import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batch, nachaReturns, ORIGIN, usOrder } from '../../testing/bank/bank-samples.ts';
import { readBankAnswer } from '../answers.ts';
import { nachaFile } from './nacha-file.ts';
import { readNachaAnswer } from './nacha-returns.ts';

const ID = 'abcdef012345678';
const FILE = nachaReturns([
  { id: ID, code: 'R03', cents: 12_345n },
  { id: ID, code: 'C01', cents: 0n },
  { id: ID, code: 'R99', cents: 1n },
]);

test('a return file names what came back with its reason, and what must be addressed otherwise next time', () => {
  const read = readNachaAnswer(FILE);
  expect(read).toMatchObject({
    ok: true,
    value: {
      returns: [
        {
          id: ID,
          code: 'R03',
          meaning: 'there is no such account',
          cents: 12_345n,
          originalTrace: '021000020000001',
        },
        { code: 'R99', meaning: 'it came back' },
      ],
      changes: [{ id: ID, code: 'C01', meaning: 'the account number is another' }],
    },
  });
  expect(readNachaAnswer(FILE.replaceAll('\n', '\r\n'))).toEqual(read);
  expect(readNachaAnswer(FILE.replaceAll('\n', ''))).toEqual(read);
  expect(
    readNachaAnswer(
      FILE.split('\n')
        .map((line) => line.trimEnd())
        .join('\n'),
    ),
  ).toEqual(read);
});

test('a file that we send holds no returns', () => {
  const sent = nachaFile(batch([usOrder(1)], { currency: 'USD' }), ORIGIN);
  expect(readNachaAnswer(sent)).toEqual({ ok: true, value: { returns: [], changes: [] } });
});

test.each([
  ['nacha-unknown', ''],
  ['nacha-unknown', '<Document/>'],
  ['nacha-unknown', `1${'x'.repeat(94)}`],
  [
    'nacha-malformed',
    FILE.split('\n')
      .filter((line) => !line.startsWith('6'))
      .join('\n'),
  ],
  [
    'nacha-malformed',
    FILE.split('\n')
      .filter((line) => !line.includes('C01'))
      .join('\n'),
  ],
  ['nacha-malformed', FILE.replace('R03', 'X03')],
  ['nacha-malformed', FILE.replace('0000012345', '00000-2345')],
])('a file that is none, or was cut, is refused: %s', (code, text) => {
  expect(readNachaAnswer(text)).toMatchObject({ ok: false, code });
});

test('whatever bytes come, the answer is a value', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.nat(FILE.length), (noise, at) => {
      expect(typeof readBankAnswer(noise).ok).toBe('boolean');
      expect(typeof readBankAnswer(FILE.slice(0, at) + noise + FILE.slice(at)).ok).toBe('boolean');
    }),
    { numRuns: 200 },
  );
});
