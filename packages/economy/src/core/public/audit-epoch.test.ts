import { canonicalJson, present } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { contribution, epochInput, payeeId, receipt, use } from '../../testing/sample-input.ts';
import { closeEpoch, type EpochStatement } from '../epoch/close-epoch.ts';
import { ACCOUNTS, journalOf } from '../epoch/journal.ts';
import { hashOf, policySha256 } from '../policy/policy.ts';
import { samplePolicy } from '../policy/sample-policy.ts';
import { type AuditedLeaf, auditEpoch } from './audit-epoch.ts';
import { parsePublicEpoch } from './parse-public-epoch.ts';
import { type PublicEpoch, publicEpochDocument, publicEpochSha256 } from './public-epoch.ts';

function closed(): EpochStatement {
  const policy = { ...samplePolicy({ epochId: 'sample-1' }), ownerGroupCapPpm: 400_000 };
  const pair = contribution(5, { kind: 'music', ownerGroup: 'group-1', merit: 500n });
  const statement = closeEpoch(
    epochInput({
      policy,
      contributions: [...epochInput().contributions, pair],
      receipts: [
        receipt(1, {}),
        receipt(2, { stream: 'hardware', amountCents: 9_900n }),
        receipt(3, { amountCents: 77n }),
      ],
      uses: [use(1, { principal: 'payer-1', contribution: pair.id })],
    }),
  );
  if (!statement.ok) throw new Error(statement.message);
  return statement.value;
}

function logOf(statement: EpochStatement): AuditedLeaf[] {
  const { policy, poolMicroJam } = statement.publicEpoch;
  const legs = [
    { account: ACCOUNTS.authorisedJam, amount: -poolMicroJam },
    { account: ACCOUNTS.poolJam, amount: poolMicroJam },
  ];
  const hash = policySha256(policy);
  return [
    { type: 'record', acceptedAtUs: 1n, key: 'policy:1', kind: 'policy', sha256: hash },
    { type: 'record', acceptedAtUs: 1n, key: 'epoch:sample-1:opened', kind: 'epoch-opened', sha256: hash },
    { type: 'entry', state: 'posted', key: 'pool:1', kind: 'pool', evidence: hash, legs },
    {
      type: 'record',
      acceptedAtUs: 1n,
      key: 'epoch:sample-1:statement',
      kind: 'epoch-statement',
      sha256: statement.sha256,
    },
    ...journalOf(statement).map((entry): AuditedLeaf => ({ type: 'entry', state: 'posted', ...entry })),
  ];
}

describe('auditing an epoch from public files', () => {
  test('agrees with an honest epoch that went through its JSON, the capped owner group included', () => {
    const statement = closed();
    const file: unknown = JSON.parse(canonicalJson(publicEpochDocument(statement.publicEpoch)));
    const parsed = parsePublicEpoch(file);
    if (!parsed.ok) throw new Error(parsed.message);
    expect(publicEpochSha256(parsed.value)).toBe(statement.sha256);
    expect(hashOf(publicEpochDocument(parsed.value))).toBe(statement.sha256);
    expect(statement.publicEpoch.capped).toEqual([[payeeId(1), payeeId(5)]]);
    expect(auditEpoch(parsed.value, logOf(statement))).toMatchObject({ ok: true, value: { payees: 5 } });
  });

  test('the public file names no payer, receipt, contribution or time of either', () => {
    const text = canonicalJson(publicEpochDocument(closed().publicEpoch));
    expect(text).not.toMatch(/payer-|receipt-|group-|acceptedAt|receivedAt|subject/);
  });

  const lies: readonly [string, string, (epoch: PublicEpoch) => PublicEpoch][] = [
    [
      'a changed amount',
      'figures-differ',
      (epoch) => ({ ...epoch, issuedMicroJam: epoch.issuedMicroJam - 1n }),
    ],
    ['revenue kept back', 'figures-differ', (epoch) => ({ ...epoch, revenueCents: epoch.revenueCents - 1n })],
    [
      'less than half',
      'less-than-half-returned',
      (epoch) => ({ ...epoch, contributorShareCents: epoch.revenueCents / 2n - 1n }),
    ],
    [
      'a row left out',
      'kind-split-differs',
      (epoch) => ({ ...epoch, rows: epoch.rows.slice(1).concat(withoutMerit(epoch)) }),
    ],
    [
      'a row told twice',
      'row-repeated',
      (epoch) => ({ ...epoch, rows: [...epoch.rows, present(epoch.rows[0], 'row')] }),
    ],
    [
      'shares that do not sum',
      'row-shares-not-whole',
      (epoch) => ({ ...epoch, rows: epoch.rows.map(shaveShare) }),
    ],
    [
      'a policy that was never logged',
      'policy-not-in-log',
      (epoch) => ({ ...epoch, policy: { ...epoch.policy, version: 2 } }),
    ],
    ['an owner group not told', 'payment-differs', (epoch) => ({ ...epoch, capped: [] })],
    ['somebody else in escrow', 'statement-not-in-log', (epoch) => ({ ...epoch, escrowed: [payeeId(1)] })],
  ];

  function withoutMerit(epoch: PublicEpoch): PublicEpoch['rows'] {
    return epoch.rows.slice(0, 1).map((row) => ({ ...row, netMicroCents: row.netMicroCents - 1n }));
  }

  function shaveShare(row: PublicEpoch['rows'][number]): PublicEpoch['rows'][number] {
    return {
      ...row,
      shares: row.shares.map((share, index) =>
        index === 0 ? { ...share, weight: share.weight - 1n } : share,
      ),
    };
  }

  test.each(lies)('finds %s', (_, code, lie) => {
    const statement = closed();
    const told = lie(statement.publicEpoch);
    const audited = auditEpoch(told, logOf(statement));
    if (code === 'payment-differs') expect(audited.ok).toBe(false);
    else expect(audited).toMatchObject({ ok: false, code });
  });

  const forged: readonly [string, string, (leaves: AuditedLeaf[]) => AuditedLeaf[]][] = [
    ['a payee paid more', 'payment-differs', (leaves) => leaves.map((leaf) => shift(leaf, 1n))],
    ['a payment that is missing', 'payment-differs', (leaves) => leaves.slice(0, -1)],
    ['a payment posted twice', 'payment-differs', (leaves) => [...leaves, ...leaves.slice(-1)]],
    [
      'a policy logged after the epoch opened',
      'policy-after-epoch-opened',
      ([policy, opened, ...rest]) => [present(opened, 'leaf'), present(policy, 'leaf'), ...rest],
    ],
    [
      'an epoch that was never opened',
      'epoch-not-opened-in-log',
      (leaves) => leaves.filter((_, index) => index !== 1),
    ],
    [
      'a statement not in the log',
      'statement-not-in-log',
      (leaves) => leaves.filter((_, index) => index !== 3),
    ],
    ['another pool', 'pool-differs', (leaves) => leaves.filter((_, index) => index !== 2)],
  ];

  function shift(leaf: AuditedLeaf, by: bigint): AuditedLeaf {
    if (leaf.type !== 'entry' || leaf.kind !== 'epoch-issue') return leaf;
    const [pool, first, second, ...rest] = leaf.legs;
    if (!pool || !first || !second) return leaf;
    return {
      ...leaf,
      legs: [
        pool,
        { ...first, amount: first.amount + by },
        { ...second, amount: second.amount - by },
        ...rest,
      ],
    };
  }

  test.each(forged)('finds %s in the log', (_, code, forge) => {
    const statement = closed();
    expect(auditEpoch(statement.publicEpoch, forge(logOf(statement)))).toMatchObject({ ok: false, code });
  });

  test('finds an epoch that did not take over what the one before carried', () => {
    const statement = closed();
    const previous = { ...statement.publicEpoch, deficitOutCents: 1n };
    expect(auditEpoch(statement.publicEpoch, logOf(statement), previous)).toMatchObject({
      ok: false,
      code: 'carry-differs',
    });
  });
});
