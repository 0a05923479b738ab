import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { API_TOKENS_MAX, TOKEN_DAYS_MAX, TOKEN_SCOPES_MAX } from './limits.ts';
import { joinAs, openAccounts } from './testing/open-accounts.ts';

const TERMS = { name: 'backup', scopes: ['wallet:read'], days: 30 };
const DAY_US = 86_400_000_000n;

describeOnEveryEngine('an API token', (openFresh) => {
  async function open() {
    const opened = await openAccounts(openFresh);
    const { id } = await joinAs(opened.desk, 'curator', 'Ann');
    return { ...opened, id };
  }
  type Opened = Awaited<ReturnType<typeof open>>;
  async function secretOf({ desk, id }: Opened, terms = TERMS): Promise<string> {
    const made = await desk.makeApiToken(id, terms);
    if (!made.ok) throw new Error(made.message);
    return made.value.secret;
  }

  test('speaks for its member with its scopes and the role that the member has now', async () => {
    const at = await open();
    const secret = await secretOf(at, { ...TERMS, scopes: ['wallet:read', 'rooms:act', 'rooms:act'] });
    expect(secret).toMatch(/^jamnet_[A-Za-z0-9_-]{43}$/);
    expect(await at.desk.byApiToken(secret)).toMatchObject({
      ...{ memberId: at.id, role: 'curator', scopes: ['rooms:act', 'wallet:read'] },
    });
    await at.desk.setRole(at.id, 'member');
    expect(await at.desk.byApiToken(secret)).toMatchObject({ role: 'member' });
    expect(await at.desk.byApiToken(`${secret}x`)).toBeNull();
    expect(await at.desk.byApiToken('')).toBeNull();
  });

  test('is kept as a hash only', async () => {
    const at = await open();
    const secret = await secretOf(at);
    const rows = await at.database.kysely
      .selectFrom('account_api_token' as never)
      .selectAll()
      .execute();
    expect(rows).toHaveLength(1);
    expect(
      JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(secret.slice(7, 20));
  });

  test('ends with its days, by its member at once, and with the account', async () => {
    const at = await open();
    const [runsOut, revoked, orphan] = [
      await secretOf(at),
      await secretOf(at),
      await secretOf(at, { ...TERMS, days: 60 }),
    ];
    const [, second] = (await at.desk.apiTokens(at.id)).filter(
      ({ expiresAtUs }) => expiresAtUs < at.clock.nowUs + 31n * DAY_US,
    );
    const other = await joinAs(at.desk, 'member', 'Eve');
    const id = second?.id ?? '';
    expect(await at.desk.revokeApiToken(other.id, id)).toMatchObject({ code: 'token-unknown' });
    expect((await at.desk.revokeApiToken(at.id, id)).ok).toBe(true);
    const alive = async (secrets: string[]) =>
      (await Promise.all(secrets.map((each) => at.desk.byApiToken(each)))).filter((each) => each !== null)
        .length;
    expect(await alive([runsOut, revoked])).toBe(1);
    at.clock.nowUs += 30n * DAY_US;
    expect(await alive([runsOut, revoked])).toBe(0);
    expect(await at.desk.apiTokens(at.id)).toHaveLength(1);
    expect(await alive([orphan])).toBe(1);
    await at.desk.remove(at.id);
    expect(await alive([orphan])).toBe(0);
  });

  test('tells its member when it was used last, to the minute', async () => {
    const at = await open();
    const secret = await secretOf(at);
    const lastUse = async () => (await at.desk.apiTokens(at.id))[0]?.lastUsedAtUs;
    expect(await lastUse()).toBeNull();
    const first = at.clock.nowUs;
    await at.desk.byApiToken(secret);
    at.clock.nowUs += 59_000_000n;
    await at.desk.byApiToken(secret);
    expect(await lastUse()).toBe(first);
    at.clock.nowUs += 1_000_000n;
    await at.desk.byApiToken(secret);
    expect(await lastUse()).toBe(first + 60_000_000n);
  });

  test.each([
    ['no name', { ...TERMS, name: ' ' }, 'name-malformed'],
    ['markup for a name', { ...TERMS, name: '<img src=x>' }, 'name-malformed'],
    ['no scope', { ...TERMS, scopes: [] }, 'token-terms'],
    [
      'more scopes than there are',
      { ...TERMS, scopes: Array.from({ length: TOKEN_SCOPES_MAX + 1 }, (_, index) => `area${index}:read`) },
      'token-terms',
    ],
    ['no day', { ...TERMS, days: 0 }, 'token-terms'],
    ['half a day', { ...TERMS, days: 0.5 }, 'token-terms'],
    ['more days than the limit', { ...TERMS, days: TOKEN_DAYS_MAX + 1 }, 'token-terms'],
  ])('is not made with %s', async (_, terms, code) => {
    const at = await open();
    expect(await at.desk.makeApiToken(at.id, terms)).toMatchObject({ ok: false, code });
    expect(await at.desk.apiTokens(at.id)).toEqual([]);
  });

  test('is not made beyond the limit, also by two at the same time; those that ran out make room', async () => {
    const at = await open();
    for (let made = 1; made < API_TOKENS_MAX; made++) await secretOf(at);
    const two = await Promise.all([at.desk.makeApiToken(at.id, TERMS), at.desk.makeApiToken(at.id, TERMS)]);
    expect(two.map((each) => (each.ok ? 'ok' : each.code)).sort()).toEqual(['ok', 'tokens-too-many']);
    expect(await at.desk.makeApiToken('nobody', TERMS)).toMatchObject({ code: 'member-unknown' });
    at.clock.nowUs += 30n * DAY_US;
    expect((await at.desk.makeApiToken(at.id, TERMS)).ok).toBe(true);
  });
});
