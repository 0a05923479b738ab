import { createHash } from 'node:crypto';
import { type Bounty, payeeOfIdentity, SHARE_PARTS } from '@jamnet/attribution';
import type { Contribution, Policy, Use } from '@jamnet/economy';
import { newContribution } from '../contributions/new-contribution.ts';
import type { CodeFinding } from './code-finding.ts';

/** What code earns in where the policy says nothing else. */
export const CODE_METER = 'code/usage';
const PPM = 1_000_000n;

export interface FiledInput {
  readonly epochId: string;
  readonly policy: Pick<Policy, 'code'>;
  readonly finding: CodeFinding;
  /** Granted and not paid yet, of this repository, the oldest first. */
  readonly granted: readonly Bounty[];
  readonly payeeOf: (person: string) => string;
  readonly evidenceSecret: Uint8Array;
  readonly acceptedAtUs: bigint;
}

export interface FiledContributions {
  readonly contributions: readonly Contribution[];
  /** What principals ran of them, by their sampled sessions. */
  readonly uses: readonly Use[];
  readonly bounties: readonly {
    readonly id: string;
    readonly contribution: string;
    readonly keys: readonly string[];
  }[];
}

/** What a finding earns as contributions: authors and packages, then as many granted bounties as the policy's part holds. */
export function filedContributions(input: FiledInput): FiledContributions {
  const used = input.finding.earnings.map((earning) => usedContribution(input, earning));
  const total = used.reduce((sum, { merit }) => sum + merit, 0n);
  const paid = affordable(input, total).map((bounty) => ({
    bounty,
    contribution: bountyContribution(input, bounty),
  }));
  return {
    contributions: [...used, ...paid.map(({ contribution }) => contribution)],
    uses: usesOf(input.finding, used),
    bounties: paid.map(({ bounty: { id, keys }, contribution }) => ({
      id,
      contribution: contribution.id,
      keys,
    })),
  };
}

/**
 * A principal's use of each contribution out of 10⁹: packages have their part of the merit, as in any other money; the rest is
 * divided by whose statements the principal's own sessions ran.
 */
function usesOf({ earnings, uses }: CodeFinding, used: readonly Contribution[]): Use[] {
  const found: Use[] = [];
  for (const principal of new Set(uses.map((use) => use.principal))) {
    const ofPerson = new Map(
      uses.filter((use) => use.principal === principal).map((use) => [use.person, BigInt(use.quantity)]),
    );
    const parts = used.map(({ merit }, index) => {
      const { packages = null, persons = [] } = earnings[index] ?? {};
      const ran = persons.reduce((sum, person) => sum + (ofPerson.get(person) ?? 0n), 0n);
      return packages === null ? { packages: 0n, ran } : { packages: merit, ran };
    });
    const rest = parts.reduce((left, one) => left - one.packages, SHARE_PARTS);
    // What ran of people who earn nothing here counts for nobody, and the packages' part stays in proportion to the others'.
    const counted = parts.reduce((sum, { ran }) => sum + ran, 0n);
    used.forEach(({ id, meter }, index) => {
      const { packages, ran } = parts[index] ?? { packages: 0n, ran: 0n };
      const quantity = (packages * counted + ran * rest) / SHARE_PARTS;
      const row = `code:${sha256Of(`${principal}\n${id}`)}`;
      if (quantity > 0n) found.push({ row, contribution: id, meter, quantity, principal });
    });
  }
  return found;
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

/** b of b + T is at most c, so b ≤ c·T / (1 − c); what does not fit waits for the next filing. */
function affordable({ policy, granted }: FiledInput, total: bigint): readonly Bounty[] {
  const rule = policy.code?.bounty;
  if (rule === undefined) return [];
  const most = (total * BigInt(rule.sharePpmMax)) / (PPM - BigInt(rule.sharePpmMax));
  return granted.slice(0, Number(most / BigInt(rule.merit)));
}

function usedContribution(input: FiledInput, earning: CodeFinding['earnings'][number]): Contribution {
  const { epochId, policy, finding, evidenceSecret, acceptedAtUs } = input;
  const { repository, head, since, inputHash, toolVersion, workloadSha256, outputSha256 } = finding;
  return newContribution({
    kind: 'code',
    meter: policy.code?.meter ?? CODE_METER,
    payees: earning.payees.map((payee) => ({ payee, weight: 1n })),
    merit: BigInt(earning.merit),
    subject:
      earning.packages === null
        ? subjectOf(`git:${head}`, repository, epochId)
        : subjectOf(`package ${earning.packages}`, `used by git:${head}`, repository, epochId),
    ownerGroup: ownerGroupOf(earning.payees, earning.persons),
    evidence: {
      ...{ repository, since, head, inputHash, toolVersion, workloadSha256, outputSha256 },
      persons: earning.persons,
    },
    evidenceSecret,
    acceptedAtUs,
  });
}

function bountyContribution(input: FiledInput, bounty: Bounty): Contribution {
  const { epochId, policy, evidenceSecret, acceptedAtUs } = input;
  const { id, repository, commit, keys, people, curator, reason } = bounty;
  const payees = [...new Set(people.map(input.payeeOf))];
  return newContribution({
    kind: 'code',
    meter: policy.code?.meter ?? CODE_METER,
    payees: payees.map((payee) => ({ payee, weight: 1n })),
    merit: BigInt(policy.code?.bounty?.merit ?? 0),
    subject: subjectOf(`bounty ${id}`, `git:${commit}`, repository, epochId),
    ownerGroup: ownerGroupOf(payees, people),
    evidence: { repository, commit, keys, curator, reason },
    evidenceSecret,
    acceptedAtUs,
  });
}

/** The payee register decides; for whom it does not know, the identity or the payee stands alone. */
function ownerGroupOf([payee = '']: readonly string[], [person]: readonly string[]): string {
  return person !== undefined && payee === payeeOfIdentity(person) ? `git/${person}` : payee;
}

/** Subjects have at most 256 characters; of a longer one a hash stands for the rest, so that no two become one. */
function subjectOf(...parts: readonly string[]): string {
  const whole = parts.join(' ');
  return whole.length <= 256 ? whole : `${whole.slice(0, 215)} ${sha256Of(whole)}`;
}
