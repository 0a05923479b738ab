import { present, seededChance, toHex } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { HOSTS_MAX } from '../round-types.ts';
import {
  AssignmentDraw,
  type AssignmentInput,
  assignmentSeed,
  CANDIDATES_MAX,
  DRAW_WITNESSES_MAX,
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
const WITNESSES = ['north', 'south'];
const beacon = (seed: string) => Uint8Array.from([...bytes(seed), ...bytes(`${seed} again`)]);
const fix = (changes: Partial<Extract<AssignmentInput, { kind: 'fix' }>> = {}): AssignmentInput => ({
  kind: 'fix',
  leafIndex: 12n,
  performances: [{ performance: 'take-1', performerGroup: 'band' }],
  candidates: ['a', 'b', 'c', 'd'].map((name) => candidate(name)),
  hosts: 2,
  witnesses: WITNESSES,
  ...changes,
});
const beaconsOf = (names: readonly string[] = WITNESSES, tag = ''): AssignmentInput => ({
  kind: 'beacons',
  outputs: new Map(names.map((name) => [name, beacon(`${name}${tag}`)])),
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
  test('is drawn from the preimage and the beacons of its leaf, and goes on with the chain', () => {
    const { draw, chain } = loggedDraw();
    for (let round = 0; round < 3; round++) {
      const link = present(chain.reveal(), 'link');
      const leafIndex = 12n + BigInt(round);
      expect(draw.apply(fix({ leafIndex })).ok).toBe(true);
      expect(draw.apply(beaconsOf(WITNESSES, `${round}`)).ok).toBe(true);
      const answer = draw.apply({ kind: 'preimage', link });
      const beacons = WITNESSES.map((name) => beacon(`${name}${round}`));
      const seed = assignmentSeed(link, leafIndex, beacons);
      const hosts = drawHosts(
        seed,
        { performance: 'take-1', performerGroup: 'band' },
        ['a', 'b', 'c', 'd'].map((name) => candidate(name)),
        2,
      );
      expect(answer).toMatchObject({ ok: true, value: { seed, performances: [{ hosts }] } });
    }
  });

  test('no party knows it alone: another link, another leaf, and another beacon of any one witness draw otherwise', () => {
    const seed = (link: string, leaf: bigint, ...names: string[]) =>
      toHex(assignmentSeed(bytes(link), leaf, names.map(beacon)));
    const seeds = [
      seed('x', 12n, 'n', 's'),
      seed('y', 12n, 'n', 's'),
      seed('x', 13n, 'n', 's'),
      seed('x', 12n, 'm', 's'),
      seed('x', 12n, 'n', 't'),
      seed('x', 12n, 's', 'n'),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test('which beacons count was said before: a witness more changes nothing, a witness less opens nothing', () => {
    const opened = (names: readonly string[]) => {
      const { draw, chain } = loggedDraw();
      draw.apply(fix());
      const taken = draw.apply(beaconsOf(names));
      return taken.ok ? draw.apply({ kind: 'preimage', link: present(chain.reveal(), 'link') }) : taken;
    };
    expect(opened(['west', ...WITNESSES])).toEqual(opened(WITNESSES));
    expect(opened(['north', 'west'])).toMatchObject({ ok: false, code: 'beacons-missing' });
  });

  test('an abandoned draw uses its link up, so that the next is drawn by another', () => {
    const { draw, chain } = loggedDraw();
    const [first, second] = [present(chain.reveal(), 'link'), present(chain.reveal(), 'link')];
    draw.apply(fix());
    expect(draw.apply({ kind: 'abandon', link: first })).toEqual({ ok: true, value: null });
    draw.apply(fix({ leafIndex: 20n }));
    draw.apply(beaconsOf());
    expect(draw.apply({ kind: 'preimage', link: first })).toMatchObject({ code: 'preimage-wrong' });
    expect(draw.apply({ kind: 'preimage', link: second })).toMatchObject({ ok: true });
  });

  test.each<[string, AssignmentInput[], AssignmentInput, string]>([
    ['a second tip', [], { kind: 'tip', link: bytes('x'), leafIndex: 1n }, 'tip-again'],
    ['beacons before the fixing', [], beaconsOf(), 'not-fixed'],
    ['a preimage before the fixing', [], { kind: 'preimage', link: bytes('x') }, 'not-fixed'],
    ['an end before the fixing', [], { kind: 'abandon', link: bytes('x') }, 'not-fixed'],
    ['a second fixing', [fix()], fix({ hosts: 3 }), 'fixed-already'],
    ['a fixing from before the chain', [], fix({ leafIndex: 9n }), 'fixed-early'],
    ['other beacons than the first', [fix(), beaconsOf()], beaconsOf(WITNESSES, 'better'), 'beacons-again'],
    ['a preimage before the beacons', [fix()], { kind: 'preimage', link: bytes('x') }, 'beacons-missing'],
    [
      'a beacon cut short',
      [fix()],
      { kind: 'beacons', outputs: new Map(WITNESSES.map((name) => [name, bytes(name)])) },
      'beacons-missing',
    ],
    ['a made-up preimage', [fix(), beaconsOf()], { kind: 'preimage', link: bytes('x') }, 'preimage-wrong'],
    ['an end by a made-up preimage', [fix()], { kind: 'abandon', link: bytes('x') }, 'preimage-wrong'],
    [
      'a preimage cut short',
      [fix(), beaconsOf()],
      { kind: 'preimage', link: new Uint8Array(31) },
      'preimage-wrong',
    ],
    ['more hosts than a round takes', [], fix({ hosts: HOSTS_MAX + 1 }), 'too-many'],
    [
      'more witnesses than a draw takes',
      [],
      fix({ witnesses: new Array<string>(DRAW_WITNESSES_MAX + 1).fill('w') }),
      'too-many',
    ],
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
    for (const input of [fix(), beaconsOf()].slice(before.length)) expect(draw.apply(input).ok).toBe(true);
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
