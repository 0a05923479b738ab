import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { CLAIM_PATH, verifyClaimFile } from './claim-file.ts';

const CHALLENGE =
  'jamnet identity claim v1\npackages forge.example/left/left\npayee p1\nstudio s\nchange 1\n';

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
beforeAll(async () => {
  temporary = await makeTemporary();
});
afterAll(() => temporary.remove());

const holding = (text: string | null) =>
  makeRepository(
    [{ author: 'Left', files: { a: 'b', ...(text === null ? {} : { [CLAIM_PATH]: text }) } }],
    temporary.path,
  );

test('a challenge committed in the repository holds, alone or among others', async () => {
  for (const text of [CHALLENGE, `another studio\n${CHALLENGE.replaceAll('\n', '\r\n')}more\n`])
    expect(await verifyClaimFile(await holding(text), CHALLENGE)).toMatchObject({
      ok: true,
      value: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
});

test.each([
  ['no such file', null],
  ['another payee', CHALLENGE.replace('p1', 'p2')],
  ['a part of the challenge', CHALLENGE.slice(0, -5)],
  ['the challenge inside a line', `not ${CHALLENGE}`],
  ['a file far too long', CHALLENGE + 'x'.repeat(64 << 10)],
])('%s is refused', async (_what, text) => {
  expect(await verifyClaimFile(await holding(text), CHALLENGE)).toMatchObject({ code: 'claim-file-wrong' });
});

test('what cannot be fetched is told', async () => {
  expect(await verifyClaimFile(join(temporary.path, 'nowhere'), CHALLENGE)).toMatchObject({
    code: 'claim-not-fetched',
  });
  expect(await verifyClaimFile('--upload-pack=id', CHALLENGE)).toMatchObject({ code: 'claim-not-fetched' });
});
