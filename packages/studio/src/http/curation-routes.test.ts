import { dirname, join } from 'node:path';
import { decodeWav } from '@jamnet/jdat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putRepairedTake } from '../listening/testing/repaired-take.ts';
import { TakeStore } from '../takes/take-store.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers;
let [one, other] = [new Headers(), new Headers()];

beforeAll(async () => {
  house = await openStudioWithMembers();
  const directory = dirname(house.studio.services.publicDirectory);
  putRepairedTake(new TakeStore(join(directory, 'takes'), Date.now), '5a'.repeat(20), { holes: 3 });
  one = (await house.memberWith('curator')).headers;
  other = (await house.memberWith('curator')).headers;
});
afterAll(() => house.close());

function ask(headers: Headers, path: string, body?: object): Promise<Response> {
  const sent = new Headers(headers);
  if (body !== undefined) sent.set('content-type', 'application/json');
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return fetch(`${house.origin}/api/curation${path}`, { headers: sent, ...init });
}

test('a curator gets a pair, hears its sides, answers it, and is asked the next', async () => {
  const view = (await (await ask(one, '')).json()) as { pair: { id: string; form: string } };
  expect(view).toEqual({
    answered: 0,
    of: 10,
    // The clip has 0.45 s; each pair begins somewhere in its first hundredth.
    pair: { id: expect.stringMatching(/^[0-9a-f]{32}$/), form: expect.any(String), seconds: 0.44 },
    standing: { settled: 0, agreeing: 0, waiting: 0, rounds: 0, creditMilliVotes: '0' },
    clips: { offered: 3, approved: 0 },
  });
  const { id } = view.pair;
  for (const side of ['a', 'b']) {
    const sound = await ask(one, `/pairs/${id}/sound/${side}`);
    expect(sound.headers.get('content-type')).toBe('audio/wav');
    expect(sound.headers.get('cache-control')).toBe('no-store');
    expect(decodeWav(new Uint8Array(await sound.arrayBuffer()))).toMatchObject({ ok: true });
  }
  const answered = await ask(one, `/pairs/${id}/answer`, { chosen: 'b' });
  expect(await answered.json()).toMatchObject({ answered: 1, pair: { id: expect.not.stringMatching(id) } });
  const changed = await ask(one, `/pairs/${id}/answer`, { chosen: 'a' });
  expect([changed.status, await changed.json()]).toMatchObject([422, { code: 'pair-answered' }]);
});

test("another curator's pair is no pair: neither its sound nor its answer is theirs", async () => {
  const { pair } = (await (await ask(one, '')).json()) as { pair: { id: string } };
  for (const asked of [
    ask(other, `/pairs/${pair.id}/sound/a`),
    ask(other, `/pairs/${pair.id}/answer`, { chosen: 'a' }),
  ])
    expect(await (await asked).json()).toMatchObject({ code: 'pair-unknown' });
});

test('nobody listens in the name of a curator', async () => {
  const token = new Headers({ authorization: `Bearer ${house.token}` });
  expect(await (await ask(token, '')).json()).toMatchObject({ code: 'curator-missing' });
});

test.each([
  ['a third side', `/pairs/${'0'.repeat(32)}/sound/y`, undefined],
  ['an id that is none', '/pairs/..%2f..%2fkeys/sound/a', undefined],
  ['an answer that is none', `/pairs/${'0'.repeat(32)}/answer`, { chosen: 'x' }],
  ['an answer with more in it', `/pairs/${'0'.repeat(32)}/answer`, { chosen: 'a', payee: 'p' }],
  ['a release without a number', '/releases/none/verdicts', { verdict: 'approved', reason: 'x' }],
])('%s is refused before anything is looked at', async (_what, path, body) => {
  const answer = await ask(one, path, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'request-invalid' });
});

test('releases are shown to who judges; a verdict on one that is not there is refused', async () => {
  expect(await (await ask(one, '/releases')).json()).toEqual({ releases: [] });
  const answer = await ask(one, '/releases/3/verdicts', { verdict: 'approved', reason: 'x' });
  expect(await answer.json()).toMatchObject({ code: 'release-unknown' });
});
