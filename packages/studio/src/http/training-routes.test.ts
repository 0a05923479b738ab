import { createHash } from 'node:crypto';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { releasedModelBytes } from '@jamnet/jamnode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { performanceRows } from '../training/performance-rows.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers;
beforeAll(async () => {
  house = await openStudioWithMembers();
});
afterAll(() => house.close());

const ask = async (path: string, body?: unknown) => {
  const answer = await fetch(`${house.origin}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${house.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test('whoever asks gets the model that nodes run by its hash, to be kept for ever, and none by another hash', async () => {
  const list = (await (await fetch(`${house.origin}/api/models`)).json()) as { current: string };
  expect(list).toMatchObject({ current: expect.stringMatching(/^[0-9a-f]{64}$/), releases: [] });
  const answer = await fetch(`${house.origin}/api/models/${list.current}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(list.current);
  expect(bytes.equals(releasedModelBytes())).toBe(true);
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect((await fetch(`${house.origin}/api/models/${'0'.repeat(64)}`)).status).toBe(404);
});

test("a player's consent is taken back and given again through the operator", async () => {
  const take = 'a'.repeat(64);
  expect(await ask('/api/training/takes')).toMatchObject({ status: 200, body: { takes: [], leftOut: {} } });
  expect((await ask(`/api/training/takes/${take}/revoke`, { player: 'ada' })).status).toBe(200);
  expect((await ask(`/api/training/takes/${take}/restore`, { player: 'ada' })).status).toBe(200);
  expect(await ask(`/api/training/takes/${take}/restore`, { player: 'ada' })).toMatchObject({
    status: 422,
    body: { code: 'not-revoked' },
  });
});

const drummers = performanceRows([performanceOfDrummer('ada', 2)]);
test.each([
  ['with nothing to learn from', { heldOut: drummers }, 'nothing-to-learn'],
  ['with nothing held out', { train: drummers }, 'nothing-held-out'],
  [
    'whose strokes are out of order',
    {
      train: [
        {
          sixteenthUs: 1,
          hits: [
            [3, 0, 0, 9],
            [2, 0, 0, 9],
          ],
        },
      ],
      heldOut: drummers,
    },
    'performances-malformed',
  ],
])('a round %s is refused and none has begun', async (_name, body, code) => {
  expect((await ask('/api/training/round', body)).body).toMatchObject({ code });
  expect(await ask('/api/training/round')).toMatchObject({ status: 200, body: { round: null } });
});

test('while a round waits for hosts there is no second one, and the end of the studio ends it', async () => {
  const body = { train: drummers, heldOut: drummers, strangers: true, epochs: 1 };
  expect(await ask('/api/training/round', body)).toMatchObject({
    status: 200,
    body: { round: { phase: 'train' } },
  });
  expect(await ask('/api/training/round', body)).toMatchObject({
    status: 409,
    body: { code: 'round-running' },
  });
});
