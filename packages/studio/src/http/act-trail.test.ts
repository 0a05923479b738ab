import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActView } from '../acts/act-log.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers;

beforeAll(async () => {
  house = await openStudioWithMembers();
});
afterAll(() => house.close());

async function ask(method: string, path: string, headers: Headers, body?: string): Promise<Response> {
  const sent = new Headers(headers);
  if (body !== undefined) sent.set('content-type', 'application/json');
  return await fetch(`${house.origin}${path}`, {
    method,
    headers: sent,
    ...(body === undefined ? {} : { body }),
  });
}

const bearer = (): Headers => new Headers({ authorization: `Bearer ${house.token}` });

async function trail(): Promise<readonly ActView[]> {
  const answer = await ask('GET', '/api/acts', bearer());
  return ((await answer.json()) as { acts: ActView[] }).acts; // the studio's own answer
}

test('what operators change is on the trail with who, what and how it ended; refused people and looks are not', async () => {
  const operator = await house.memberWith('operator');
  const member = await house.memberWith('member');
  const body = '{"hours":2}';
  expect((await ask('POST', '/api/rooms/attic/invitations', operator.headers, body)).status).toBe(200);
  expect((await ask('POST', '/api/valuations', bearer(), '{}')).status).toBe(400);
  expect((await ask('POST', '/api/redemptions/run', bearer())).status).toBe(422);
  expect((await ask('POST', '/api/rooms/attic/invitations', member.headers, body)).status).toBe(403);
  expect((await ask('GET', '/api/members', bearer())).status).toBe(200);
  const acts = await trail();
  expect(acts.map(({ route, role, status }) => [route, role, status])).toEqual([
    ['/api/redemptions/run', 'operator', 422],
    ['/api/rooms/:room/invitations', 'operator', 200],
  ]);
  const [byToken, byMember] = acts;
  expect(byToken?.actor).toBe('token');
  expect(byMember).toMatchObject({
    parameters: { room: 'attic' },
    bodySha256: createHash('sha256').update(body).digest('hex'),
  });
  expect([byToken?.leaf, byMember?.leaf]).toEqual([null, expect.stringMatching(/^\d+$/)]);
});

test('auditors read the trail, members do not', async () => {
  expect((await ask('GET', '/api/acts', (await house.memberWith('auditor')).headers)).status).toBe(200);
  expect((await ask('GET', '/api/acts', (await house.memberWith('member')).headers)).status).toBe(403);
});
