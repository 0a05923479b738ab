import { decodeWav } from '@jamnet/jdat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { letCandidateWait } from '../training/testing/waiting-candidate.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers;
let curators: Headers[] = [];

beforeAll(async () => {
  house = await openStudioWithMembers();
  for (let n = 0; n < 3; n++) curators = [...curators, (await house.memberWith('curator')).headers];
});
afterAll(() => house.close());

const operator = () => new Headers({ authorization: `Bearer ${house.token}` });

async function ask<T>(headers: Headers, path: string, body?: object): Promise<T> {
  const sent = new Headers(headers);
  if (body !== undefined) sent.set('content-type', 'application/json');
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  // What the studio answers is checked against its contract in every test.
  return (await (await fetch(`${house.origin}/api${path}`, { headers: sent, ...init })).json()) as T;
}

interface Candidates {
  readonly candidates: readonly {
    readonly state: string;
    readonly code: string | null;
    readonly groups: number;
  }[];
}
const candidates = (headers: Headers) => ask<Candidates>(headers, '/curation/candidates');
const models = async () =>
  (await ask<{ releases: readonly { kind: string }[] }>(operator(), '/models')).releases.map(
    ({ kind }) => kind,
  );

async function loudness(headers: Headers, pair: string, side: string): Promise<number> {
  const file = await fetch(`${house.origin}/api/curation/pairs/${pair}/sound/${side}`, { headers });
  const wav = decodeWav(new Uint8Array(await file.arrayBuffer()));
  if (!wav.ok) throw new Error(wav.message);
  return (wav.value.channels[0] ?? new Float32Array(0)).reduce((sum, sample) => sum + sample * sample, 0);
}

/** Answers every pair that comes by what is heard alone. */
async function hearAll(headers: Headers, prefersQuiet: boolean): Promise<number> {
  type View = { readonly pair: { readonly id: string } | null };
  let [view, answered] = [await ask<View>(headers, '/curation'), 0];
  for (; view.pair !== null; answered++) {
    const { id } = view.pair;
    const isALouder = (await loudness(headers, id, 'a')) > (await loudness(headers, id, 'b'));
    const chosen = isALouder === prefersQuiet ? 'b' : 'a';
    view = await ask<View>(headers, `/curation/pairs/${id}/answer`, { chosen });
  }
  return answered;
}

test('a candidate that three curators hear as worse is refused, and the operator reads why', async () => {
  expect(await letCandidateWait(house.studio.services.training.trial)).toMatchObject({ state: 'waits' });
  expect(await candidates(operator())).toMatchObject({
    candidates: [{ kind: 'groove', state: 'waiting', groups: 0, groupsMin: 3, gainPpm: '12300' }],
  });
  for (const [index, curator] of curators.entries()) {
    expect(await hearAll(curator, true)).toBe(20);
    expect((await candidates(curator)).candidates[0]).toMatchObject(
      index < 2 ? { state: 'waiting', groups: index + 1 } : { state: 'refused', groups: 3 },
    );
  }
  expect((await candidates(operator())).candidates[0]).toMatchObject({ code: 'curators-prefer-released' });
  expect(await models()).toEqual([]);
}, 120_000);

test('while one waits no second round begins; the operator withdraws it, with a reason', async () => {
  await letCandidateWait(house.studio.services.training.trial, 'round-2');
  expect(await ask(operator(), '/training/round', {})).toMatchObject({ code: 'candidate-waiting' });
  const path = '/training/candidates/groove/withdraw';
  const member = await house.memberWith('member');
  expect(await ask(member.headers, path, { reason: 'mine' })).toMatchObject({ code: 'role-missing' });
  expect(await ask(operator(), path, { reason: 'the takes were mislabelled' })).toMatchObject({
    state: 'refused',
    code: 'withdrawn',
    reason: 'the takes were mislabelled',
  });
  expect(await ask(operator(), path, { reason: 'again' })).toMatchObject({ code: 'nothing-waits' });
  expect(await ask(member.headers, '/curation/candidates')).toMatchObject({ code: 'role-missing' });
});
