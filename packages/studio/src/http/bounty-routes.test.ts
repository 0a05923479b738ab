import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BountyQueue, enterIdentity, payeeOfIdentity, personId, writeBounty } from '@jamnet/attribution';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

const REPOSITORY = 'forge.example/ada/mill';
const ids: string[] = [];
let house: StudioWithMembers;
let curator: Headers;

beforeAll(async () => {
  house = await openStudioWithMembers();
  const directory = dirname(house.studio.services.publicDirectory);
  const queue = new BountyQueue();
  for (const n of [1, 2]) {
    const [key, commit] = [`${n}`.repeat(32), `${n}`.repeat(40)];
    const work = { commit, people: ['e'.repeat(32)], keys: [key], tokens: 9 };
    const entry = queue.queue(REPOSITORY, work, 5n);
    if (!entry.ok || entry.value === null) throw new Error('not queued');
    writeBounty(directory, entry.value);
    ids.push(entry.value.id);
  }
  curator = (await house.memberWith('curator')).headers;
});
afterAll(() => house.close());

async function ask(headers: Headers, path: string, body?: object) {
  const sent = new Headers(headers);
  if (body !== undefined) sent.set('content-type', 'application/json');
  const answer = await fetch(`${house.origin}${path}`, {
    headers: sent,
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

const decisionsOf = (id: string | undefined) => `/api/bounties/${id}/decisions`;
const token = () => new Headers({ authorization: `Bearer ${house.token}` });
const granted = { verdict: 'granted', reason: 'mends a crash' };

describe('the queue of bounties', () => {
  test('a curator who has signed in sees what waits and decides once; the act is in the public log', async () => {
    expect(await ask(curator, '/api/bounties')).toMatchObject({
      status: 200,
      body: {
        bounties: [
          { id: ids[0], state: 'waiting', statements: 1, tokens: 9, repository: REPOSITORY },
          { id: ids[1] },
        ],
        next: null,
      },
    });
    expect(await ask(curator, decisionsOf(ids[0]), granted)).toMatchObject({
      status: 200,
      body: { state: 'granted', reason: 'mends a crash' },
    });
    expect(await ask(curator, decisionsOf(ids[0]), { ...granted, verdict: 'refused' })).toMatchObject({
      status: 422,
      body: { code: 'bounty-decided' },
    });
    const { entries } = await house.studio.services.ledgerPage(0, 100);
    expect(entries.map(({ kind }) => kind)).toContain('bounty-granted');
  });

  test('it is told page by page, of one state where that is asked for, and to a member as far as it is about their own commits', async () => {
    const first = await ask(curator, '/api/bounties?limit=1');
    expect(first.body).toMatchObject({ bounties: [{ id: ids[0] }], next: ids[0] });
    expect((await ask(curator, `/api/bounties?limit=1&after=${ids[0]}`)).body).toMatchObject({
      bounties: [{ id: ids[1] }],
      next: null,
    });
    expect((await ask(curator, '/api/bounties?state=waiting')).body).toMatchObject({
      bounties: [{ id: ids[1] }],
    });
    expect((await ask(curator, '/api/bounties?after=nothing')).body).toMatchObject({
      code: 'cursor-malformed',
    });
    const { headers } = await house.memberWith('member');
    expect((await ask(headers, '/api/code/bounties')).body).toEqual({ bounties: [], next: null });
    const { accounts, publicDirectory } = house.studio.services;
    const payee = (await accounts.signedIn(headers))?.payee ?? '';
    const queue = new BountyQueue();
    const work = {
      commit: '3'.repeat(40),
      people: [personId('ada@example.org')],
      keys: ['3'.repeat(32)],
      tokens: 9,
    };
    const own = queue.queue(REPOSITORY, work, 5n);
    if (!own.ok || own.value === null) throw new Error('not queued');
    writeBounty(dirname(publicDirectory), own.value);
    const claim = { kind: 'claim', email: 'ada@example.org', payee } as const;
    expect(enterIdentity(dirname(publicDirectory), claim, { atUs: 5n, key: 'k' }).ok).toBe(true);
    expect((await ask(headers, '/api/code/bounties')).body).toMatchObject({
      bounties: [{ id: own.value.id, payees: [payee] }],
      next: null,
    });
    expect(payee).not.toBe(payeeOfIdentity(personId('ada@example.org')));
  });

  test("the operator's token decides for a member with the role curator only", async () => {
    await house.memberWith('auditor');
    const members = await house.studio.services.accounts.members();
    const idOf = (role: string) => members.find((member) => member.role === role)?.id;
    for (const named of [undefined, 'nobody', idOf('auditor')])
      expect(await ask(token(), decisionsOf(ids[1]), { ...granted, curator: named })).toMatchObject({
        status: 422,
        body: { code: 'curator-missing' },
      });
    const refused = { verdict: 'refused', reason: 'renames only', curator: idOf('curator') };
    expect(await ask(token(), decisionsOf(ids[1]), refused)).toMatchObject({ body: { state: 'refused' } });
  });

  test.each([
    ['no reason', { verdict: 'granted', reason: ' ' }, 422, 'bounty-malformed'],
    ['an unknown verdict', { verdict: 'paid', reason: 'x' }, 400, 'request-invalid'],
    ['an unknown bounty', granted, 422, 'bounty-unknown'],
  ])('%s is refused', async (what, body, status, code) => {
    const id = what === 'an unknown bounty' ? '0'.repeat(16) : ids[1];
    expect(await ask(curator, decisionsOf(id), body)).toMatchObject({ status, body: { code } });
  });

  test('nothing to file and nothing that waited is said as such; what earns nothing here cannot be filed', async () => {
    expect(await ask(token(), '/api/code/epochs/2031-04')).toEqual({ status: 200, body: [] });
    expect(await ask(token(), '/api/code/escrow', {})).toEqual({
      status: 200,
      body: { handedOver: [], expired: [] },
    });
    expect(await ask(token(), '/api/code/epochs/2031-04', { repository: REPOSITORY })).toMatchObject({
      status: 422,
      body: { code: 'repository-unknown' },
    });
  });

  test('an epoch does not close before the code that would earn in it is filed', async () => {
    const file = join(dirname(house.studio.services.publicDirectory), 'code', 'repositories.json');
    const row = { repository: REPOSITORY, address: '/nowhere', workload: '/nowhere/workload.json' };
    writeFileSync(file, JSON.stringify([row]));
    expect(await ask(token(), '/api/code/epochs/2031-04')).toEqual({ status: 200, body: [REPOSITORY] });
    expect(await ask(token(), '/api/epochs/2031-04/close', {})).toMatchObject({
      status: 422,
      body: { code: 'code-not-filed', detail: expect.stringContaining('jamnet code file 2031-04') },
    });
    // Only looked at, it earns nothing, and nothing waits for it.
    writeFileSync(file, JSON.stringify([{ ...row, workload: undefined }]));
    expect(await ask(token(), '/api/epochs/2031-04/close', {})).toMatchObject({
      body: { code: 'unknown-epoch' },
    });
  });
});
