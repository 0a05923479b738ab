import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { ATTACKS, type Attack } from './bench/attack-plans.ts';
import { measureAttack } from './bench/bench-attacks.ts';
import { FOUNDERS, foundersFiles, foundersHistory, WORKLOAD } from './testing/founders-program.ts';
import { makeRepository, makeTemporary } from './testing/make-repository.ts';

const PARTS_PER_PERCENT = 10_000_000;

function promised({ gainPartsMax, honest }: Attack): string {
  if (honest !== undefined) return 'no more than an honest author';
  return gainPartsMax === 0 ? 'nothing' : `at most ${gainPartsMax / PARTS_PER_PERCENT} %`;
}

// Fifty commits, and hundreds of replays where the gate judges: a slow machine needs its time.
describe('a thief on a repository of three founders', { timeout: 600_000 }, () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  test('finds them with about a third each of nearly three thousand statements when nobody attacks', async () => {
    const repoDirectory = await makeRepository(foundersHistory(40), temporary.path);
    const found = await attribute({ repoDirectory, workload: WORKLOAD });
    if (!found.ok) throw new Error(found.message);
    expect(found.value.evidence.problem).toBeNull();
    expect(found.value.statements).toBeGreaterThan(2500);
    expect(found.value.people.map(({ name }) => name).sort()).toEqual([...FOUNDERS]);
    for (const { share } of found.value.people) expect(share).toBeGreaterThan(25 * PARTS_PER_PERCENT);
    expect(found.value.people.reduce((sum, { share }) => sum + share, 0)).toBe(1_000_000_000);
  });

  test.each(ATTACKS.map((attack) => [promised(attack), attack.name, attack] as const))(
    'gets %s for %s',
    async (_most, _name, attack) => {
      const measured = await measureAttack(attack, temporary.path);
      expect(measured).toMatchObject({ name: attack.name, isHeld: true });
      expect(measured.gainParts).toBeLessThanOrEqual(attack.gainPartsMax);
      // Nothing was tried where the honest change or what runs hot earns nothing, or the gate saw no noise.
      if (attack.honest !== undefined) expect(measured.honestParts).toBeGreaterThan(0);
      else if (attack.gainPartsMax > 0) expect(measured.takenParts).toBeGreaterThan(0);
      if (attack.isJudged) expect(measured.gatedCommits).toBe(attack.commits(foundersFiles(2)).length);
    },
  );
});
