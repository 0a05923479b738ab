import { present, seededChance, toHex } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { HOSTS_MAX } from '../round-types.ts';
import {
  AssignmentDraw,
  type AssignmentInput,
  assignmentSeed,
  CANDIDATES_MAX,
  type CosignedCheckpoint,
} from './assignment.ts';
import { CHAIN_LINKS_MAX, HashChain, isPreimage } from './hash-chain.ts';
import { type Candidate, drawHosts } from './rank-hosts.ts';

const bytes = (seed: string) => {
  const chance = seededChance(seed);
  return Uint8Array.from({ length: 32 }, () => chance.below(256));
};
const candidate = (node: string, ownerGroup = `owner-${node}`, linkedGroups: string[] = []): Candidate => ({
  node,
  ownerGroup,
  linkedGroups,
});
const FIXED_AT_US = 1_000n;
const fix = (changes: Partial<Extract<AssignmentInput, { kind: 'fix' }>> = {}): AssignmentInput => ({
  kind: 'fix',
  fixedAtUs: FIXED_AT_US,
  performances: [{ performance: 'take-1', performerGroup: 'band' }],
  candidates: ['a', 'b', 'c', 'd'].map((name) => candidate(name)),
  hosts: 2,
  ...changes,
});
const checkpointOf = (changes: Partial<CosignedCheckpoint> = {}): AssignmentInput => ({
  kind: 'checkpoint',
  checkpoint: { size: 10n, root: bytes('root'), cosignedAtUs: FIXED_AT_US + 1n, ...changes },
});

function loggedDraw(): { draw: AssignmentDraw; chain: HashChain } {
  const [draw, chain] = [new AssignmentDraw(), new HashChain(bytes('secret'), 3)];
  expect(draw.apply({ kind: 'tip', link: chain.tip, leafIndex: 9n }).ok).toBe(true);
  return { draw, chain };
}

describe('a hash chain', () => {
  test('opens backwards, link by link, until it is used up', () => {
    const chain = new HashChain(bytes('secret'), 3);
    let published = chain.tip;
    for (let left = 3; left > 0; left--) {
      expect(chain.drawsLeft).toBe(left);
      const link = present(chain.reveal(), 'link');
      expect(isPreimage(link, published)).toBe(true);
      published = link;
    }
    expect(published).toEqual(bytes('secret'));
    expect(chain.reveal()).toBeNull();
  });

  test('has a longest length', () => {
    expect(() => new HashChain(bytes('secret'), CHAIN_LINKS_MAX + 1)).toThrow(/draws/);
  });
});

describe('an assignment', () => {
  test('is drawn from the preimage and the first checkpoint after the fixing, and goes on with the chain', () => {
    const { draw, chain } = loggedDraw();
    for (let round = 0; round < 3; round++) {
      const [link, root] = [present(chain.reveal(), 'link'), bytes(`root-${round}`)];
      expect(draw.apply(fix()).ok).toBe(true);
      expect(draw.apply(checkpointOf({ root })).ok).toBe(true);
      const answer = draw.apply({ kind: 'preimage', link });
      const seed = assignmentSeed(link, { size: 10n, root, cosignedAtUs: 0n });
      const hosts = drawHosts(
        seed,
        { performance: 'take-1', performerGroup: 'band' },
        ['a', 'b', 'c', 'd'].map((name) => candidate(name)),
        2,
      );
      expect(answer).toMatchObject({ ok: true, value: { seed, performances: [{ hosts }] } });
    }
  });

  test('neither the studio nor the witnesses know it alone: another link or another root draws otherwise', () => {
    const seed = (link: string, root: string, size = 10n) =>
      toHex(assignmentSeed(bytes(link), { size, root: bytes(root), cosignedAtUs: 0n }));
    const seeds = [seed('x', 'r'), seed('y', 'r'), seed('x', 's'), seed('x', 'r', 11n)];
    expect(new Set(seeds).size).toBe(4);
  });

  test.each<[string, AssignmentInput[], AssignmentInput, string]>([
    ['a second tip', [], { kind: 'tip', link: bytes('x'), leafIndex: 1n }, 'tip-again'],
    ['a checkpoint before the fixing', [], checkpointOf(), 'not-fixed'],
    ['a preimage before the fixing', [], { kind: 'preimage', link: bytes('x') }, 'not-fixed'],
    ['a second fixing', [fix()], fix({ hosts: 3 }), 'fixed-already'],
    [
      'a checkpoint that was known when the draw was fixed',
      [fix()],
      checkpointOf({ cosignedAtUs: FIXED_AT_US }),
      'checkpoint-early',
    ],
    [
      "a checkpoint that does not cover the chain's tip",
      [fix()],
      checkpointOf({ size: 9n }),
      'checkpoint-small',
    ],
    [
      'another checkpoint than the first',
      [fix(), checkpointOf()],
      checkpointOf({ root: bytes('better') }),
      'checkpoint-again',
    ],
    [
      'a preimage before the checkpoint',
      [fix()],
      { kind: 'preimage', link: bytes('x') },
      'checkpoint-missing',
    ],
    ['a made-up preimage', [fix(), checkpointOf()], { kind: 'preimage', link: bytes('x') }, 'preimage-wrong'],
    [
      'a preimage cut short',
      [fix(), checkpointOf()],
      { kind: 'preimage', link: new Uint8Array(31) },
      'preimage-wrong',
    ],
    ['more hosts than a round takes', [], fix({ hosts: HOSTS_MAX + 1 }), 'too-many'],
    [
      'more candidates than a draw takes',
      [],
      fix({ candidates: new Array<Candidate>(CANDIDATES_MAX + 1).fill(candidate('a')) }),
      'too-many',
    ],
  ])('refuses %s, and can still be finished', (_name, before, bad, code) => {
    const { draw, chain } = loggedDraw();
    for (const input of before) expect(draw.apply(input).ok).toBe(true);
    expect(draw.apply(bad)).toMatchObject({ ok: false, code });
    for (const input of [fix(), checkpointOf()].slice(before.length)) expect(draw.apply(input).ok).toBe(true);
    const last = draw.apply({ kind: 'preimage', link: present(chain.reveal(), 'link') });
    expect(last).toMatchObject({ ok: true, value: { performances: [{ performance: 'take-1' }] } });
  });

  test('needs a logged tip before anything else', () => {
    expect(new AssignmentDraw().apply(fix())).toMatchObject({ ok: false, code: 'tip-missing' });
  });
});

describe('the drawn hosts', () => {
  const performance = { performance: 'take-1', performerGroup: 'band' };
  const drawn = (round: number, candidates: readonly Candidate[], count: number) =>
    drawHosts(bytes(`seed-${round}`), performance, candidates, count).map(({ ownerGroup }) => ownerGroup);
  const honest = Array.from({ length: 9 }, (_, index) => candidate(`n${index}`));

  test("never belong to the performer's group or to one that is linked with it", () => {
    const candidates = [...honest, candidate('own', 'band'), candidate('friend', 'friends', ['band'])];
    for (let round = 0; round < 50; round++)
      expect(drawn(round, candidates, 11).filter((group) => group === 'band' || group === 'friends')).toEqual(
        [],
      );
  });

  test('each group has the same chance, whether it brings one key or fifty', () => {
    const many = Array.from({ length: 50 }, (_, index) => candidate(`m${index}`, 'many'));
    let times = 0;
    for (let round = 0; round < 1000; round++)
      if (drawn(round, [...honest, ...many], 1)[0] === 'many') times++;
    // Ten groups: 100 expected, deviation 9.5.
    expect(times).toBeGreaterThan(60);
    expect(times).toBeLessThan(140);
  });

  test('do not depend on the order in which candidates are listed', () => {
    expect(drawn(1, [...honest].reverse(), 4)).toEqual(drawn(1, honest, 4));
  });
});
