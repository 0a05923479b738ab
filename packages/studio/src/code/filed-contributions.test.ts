import { type Bounty, payeeOfIdentity, SHARE_PARTS } from '@jamnet/attribution';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CodeFinding } from './code-finding.ts';
import { filedContributions } from './filed-contributions.ts';

const person = (n: number): string => n.toString(16).padStart(32, '0');
const bounty = (n: number, people: readonly string[] = [person(n)]): Bounty => ({
  ...{ id: n.toString(16).padStart(16, '0'), repository: 'forge.example/ada/mill', people, tokens: 1 },
  ...{ commit: n.toString(16).padStart(40, '0'), keys: [person(n)], queuedAtUs: '1', state: 'granted' },
  ...{ curator: `p${'c'.repeat(32)}`, reason: 'work', epochId: null, contribution: null },
});

function findingOf(
  merits: readonly bigint[],
  uses: CodeFinding['uses'] = [],
  packageMerit = 0n,
): CodeFinding {
  const packages = {
    payees: [`p${'f'.repeat(32)}`],
    merit: `${packageMerit}`,
    persons: [],
    packages: 'x/y/z',
  };
  const authors = merits.map((merit, n) => ({
    ...{
      payees: [payeeOfIdentity(person(n))],
      merit: merit.toString(),
      persons: [person(n)],
      packages: null,
    },
  }));
  return {
    ...{ repository: 'forge.example/ada/mill', head: 'a'.repeat(40), since: null, inputHash: 'x' },
    ...{ toolVersion: 'x', workloadSha256: 'x', outputSha256: 'x', problem: null, names: {}, uses },
    earnings: packageMerit > 0n ? [...authors, packages] : authors,
    ...{ earningKeys: [], judged: { head: '', passedKeys: [], gatedKeys: [] }, gatedWork: [] },
  };
}

function filed(
  finding: CodeFinding,
  granted: readonly Bounty[],
  rule = { merit: 50_000_000, sharePpmMax: 100_000 },
) {
  return filedContributions({
    epochId: '2031-04',
    policy: { code: { meter: 'code/usage', bounty: rule } },
    finding,
    granted,
    payeeOf: payeeOfIdentity,
    evidenceSecret: new Uint8Array(32),
    acceptedAtUs: 1n,
  });
}

test('bounties never make up more than their part of what a repository earns, and the oldest come first', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: SHARE_PARTS }),
      fc.integer({ min: 1, max: 400_000_000 }),
      fc.integer({ min: 1, max: 200_000 }),
      fc.integer({ min: 0, max: 30 }),
      (used, merit, sharePpmMax, count) => {
        const granted = Array.from({ length: count }, (_, n) => bounty(n));
        const { contributions, bounties } = filed(findingOf(used > 0n ? [used] : []), granted, {
          merit,
          sharePpmMax,
        });
        const paid = BigInt(merit) * BigInt(bounties.length);
        const all = contributions.reduce((sum, one) => sum + one.merit, 0n);
        expect(all).toBe(used + paid);
        expect(paid * 1_000_000n).toBeLessThanOrEqual(all * BigInt(sharePpmMax));
        expect(bounties.map(({ id }) => id)).toEqual(granted.slice(0, bounties.length).map(({ id }) => id));
        // One more would not fit.
        if (bounties.length < count)
          expect((paid + BigInt(merit)) * 1_000_000n).toBeGreaterThan(
            (all + BigInt(merit)) * BigInt(sharePpmMax),
          );
      },
    ),
  );
});

test('co-authors of a bounty share it evenly, and one payee of several identities is named once', () => {
  const { contributions } = filed(findingOf([SHARE_PARTS]), [bounty(1, [person(1), person(2), person(1)])]);
  expect(contributions[1]?.payees).toEqual([
    { payee: payeeOfIdentity(person(1)), weight: 1n },
    { payee: payeeOfIdentity(person(2)), weight: 1n },
  ]);
});

test('what a principal ran is divided among authors beside the packages’ part and never exceeds the whole', () => {
  const uses = [
    { principal: 'payer', person: person(0), quantity: '250000000' },
    { principal: 'payer', person: person(1), quantity: '750000000' },
    // Owns nothing that the workload runs, so nothing of it is a contribution.
    { principal: 'other', person: person(9), quantity: '1000000000' },
  ];
  const found = filed(findingOf([600_000_000n, 300_000_000n], uses, 100_000_000n), []);
  const quantityOf = (index: number, principal: string): bigint | undefined =>
    found.uses.find(
      (use) => use.contribution === found.contributions[index]?.id && use.principal === principal,
    )?.quantity;
  expect([0, 1, 2].map((n) => quantityOf(n, 'payer'))).toEqual([225_000_000n, 675_000_000n, 100_000_000n]);
  expect([0, 1, 2].map((n) => quantityOf(n, 'other'))).toEqual([undefined, undefined, undefined]);
  expect(new Set(found.uses.map(({ row }) => row)).size).toBe(found.uses.length);
});

test('what two repositories with long names earn stands under two subjects, each as long as a subject may be', () => {
  const subjects = ['x', 'y'].map((last) => {
    const finding = { ...findingOf([5n]), repository: `forge.example/ada/${'m'.repeat(250)}${last}` };
    return filed(finding, []).contributions[0]?.subject ?? '';
  });
  expect(subjects.map((subject) => subject.length)).toEqual([256, 256]);
  expect(new Set(subjects).size).toBe(2);
});
