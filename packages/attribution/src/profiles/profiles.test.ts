import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeWithProfiles } from '../attribute.ts';
import { USES_MAX } from '../core/log-weight.ts';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { usesByPrincipal } from './principal-usage.ts';
import { linesOfCpuProfile, PROFILE_LINES_MAX, PROFILES_MAX, parseProfiles } from './read-profile.ts';

type Rows = Record<string, readonly (readonly [number, number])[]>;
const profile = (principal: string, paidMinor: string, files: Rows) => ({
  schema: 'jamnet/profile/v1',
  principal,
  paidMinor,
  files,
});

function usesOf(...profiles: readonly unknown[]) {
  const read = parseProfiles(profiles);
  if (!read.ok) throw new Error(read.message);
  return usesByPrincipal(read.value);
}

test('what each principal paid is divided by where their own sessions were', () => {
  const uses = usesOf(
    profile('ann', '700', {
      'a.ts': [
        [1, 30],
        [2, 10],
      ],
    }),
    profile('bob', '100', { 'a.ts': [[1, 1]], 'b.ts': [[5, 3]] }),
  );
  expect(uses.get('a.ts')).toEqual(
    new Map([
      [1, 525_000 + 25_000],
      [2, 175_000],
    ]),
  );
  expect(uses.get('b.ts')).toEqual(new Map([[5, 75_000]]));
});

test('a bot that pays nothing moves nothing, and one that pays divides its own payment only', () => {
  const honest = profile('ann', '700', { 'a.ts': [[1, 30]] });
  const bot = (paid: string) => profile('bot', paid, { 'bot.ts': [[1, 2 ** 40]] });
  expect(usesOf(honest, bot('0')).get('bot.ts')?.get(1)).toBe(0);
  expect(usesOf(honest, bot('10')).get('bot.ts')?.get(1)).toBe(10_000);
  expect(usesOf(honest, bot('10')).get('a.ts')).toEqual(usesOf(honest).get('a.ts'));
});

test('no principal moves more than they paid, however their sessions are cut', () => {
  const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(1000)), {
    selector: ([line]) => line,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100_000), rows), { maxLength: 8 }), (parts) => {
      const uses = usesOf(...parts.map(([paid, list]) => profile('ann', String(paid), { 'a.ts': list })));
      const moved = [...(uses.get('a.ts')?.values() ?? [])].reduce((sum, one) => sum + one, 0);
      expect(moved).toBeLessThanOrEqual(1000 * parts.reduce((sum, [paid]) => sum + paid, 0));
    }),
  );
});

test('payments beyond what a number holds exactly are cut to the largest that weighs', () => {
  const most = '9'.repeat(15);
  const rich = ['ann', 'bob', 'cleo'].map((name) => profile(name, most, { 'a.ts': [[1, 2 ** 40]] }));
  expect(
    usesOf(...rich)
      .get('a.ts')
      ?.get(1),
  ).toBe(USES_MAX);
});

test('a CPU profile gives lines of the repository and nothing else', () => {
  const node = (url: string, ticks: unknown) => ({
    callFrame: { url, functionName: 'secret' },
    positionTicks: ticks,
  });
  const nodes = [
    node('file:///r/a.ts', [
      { line: 3, ticks: 2 },
      { line: 4, ticks: 1 },
    ]),
    node('file:///r/a.ts', [{ line: 3, ticks: 5 }]),
    node('file:///r/node_modules/x/i.js', [{ line: 1, ticks: 9 }]),
    node('file:///home/me/diary.ts', [{ line: 1, ticks: 9 }]),
    node('file:///r/b.ts', [{ line: -1, ticks: 9 }, null]),
    null,
  ];
  const files = linesOfCpuProfile({ nodes }, 'file:///r');
  expect(files).toEqual(
    new Map([
      [
        'a.ts',
        new Map([
          [3, 7],
          [4, 1],
        ]),
      ],
      ['b.ts', new Map()],
    ]),
  );
  expect(linesOfCpuProfile(null, 'file:///r').size).toBe(0);
});

test.each([
  [null],
  [{}],
  [{ ...profile('a', '1', {}), schema: 'jamnet/profile/v2' }],
  [profile('', '1', {})],
  [profile('a', '-1', {})],
  [profile('a', '1', { 'a.ts': [[0, 1]] })],
  [profile('a', '1', { 'a.ts': [[1, -1]] })],
  [
    profile('a', '1', {
      'a.ts': [
        [1, 1],
        [1, 1],
      ],
    }),
  ],
])('%j is no profile', (wrong) => {
  expect(parseProfiles([wrong])).toMatchObject({ ok: false, code: 'profile-malformed' });
});

test('so many profiles and lines are taken and not one more', () => {
  const one = profile('a', '1', {});
  expect(parseProfiles(new Array(PROFILES_MAX).fill(one)).ok).toBe(true);
  expect(parseProfiles(new Array(PROFILES_MAX + 1).fill(one)).ok).toBe(false);
  const lines = Array.from({ length: 1000 }, (_, n): readonly [number, number] => [n + 1, 1]);
  const full = new Array(PROFILE_LINES_MAX / 1000).fill(profile('a', '1', { 'a.ts': lines }));
  expect(parseProfiles(full).ok).toBe(true);
  expect(parseProfiles([...full, profile('a', '1', { 'a.ts': [[1, 1]] })]).ok).toBe(false);
});

describe('profiles of production', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  test('pay the authors of the lines that ran', async () => {
    const [ada, bela] = ['export const a = 1 + 2;\n', 'export const b = 3 * 4;\n'];
    const repoDirectory = await makeRepository(
      [
        { author: 'Ada', files: { 'm.ts': ada } },
        { author: 'Bela', files: { 'm.ts': ada + bela } },
      ],
      temporary.path,
    );
    const found = await attributeWithProfiles({
      repoDirectory,
      profiles: [
        profile('ann', '7', { 'm.ts': [[1, 1]], 'gone.ts': [[1, 1]] }),
        profile('bob', '9', { 'm.ts': [[2, 8]] }),
      ],
    });
    if (!found.ok) throw new Error(found.message);
    const [first, second] = found.value.people;
    // ⌊2¹⁶·log₂(1 + 9000)⌋ to ⌊2¹⁶·log₂(1 + 3500)⌋, at equal tokens.
    expect([first?.name, second?.name]).toEqual(['Bela', 'Ada']);
    expect((first?.share ?? 0) / (second?.share ?? 1)).toBeCloseTo(Math.log2(9001) / Math.log2(3501), 4);
    expect(await attributeWithProfiles({ repoDirectory, profiles: [7] })).toMatchObject({
      code: 'profile-malformed',
    });
  });
});
