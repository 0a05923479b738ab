import { createHash } from 'node:crypto';
import { Failure, type Result, seededChance } from '@jamnet/base';
import {
  type Contribution,
  type Economy,
  openEconomy,
  type Receipt,
  samplePolicy,
  type Use,
} from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';

export interface EpochFill {
  readonly contributors: number;
  readonly contributions: number;
  readonly receipts: number;
  readonly uses: number;
}

export const BENCH_EPOCH = 'bench';
const FIRST_EPOCH = 'before';
const VALUATION = {
  id: 'bench',
  valueCents: 2_400_000_000n,
  fullyDilutedUnits: 12_000_000n,
  datedAtUs: 0n,
  approvedBy: 'bench',
  documentSha256: '00'.repeat(32),
};
const AT_ONCE = 5_000;
const KINDS = [
  ['music', 'music/played-ms'],
  ['code', 'code/usage'],
  ['compute', 'compute/work-units'],
] as const;

export function benchPayee(n: number): string {
  return `p${n.toString(16).padStart(32, '0')}`;
}

/**
 * Fills a new data directory's books through the economy's own door: an epoch that is closed, so that everybody has a
 * wallet, and one that waits to be closed.
 */
export async function fillEpoch(directory: string, size: EpochFill): Promise<void> {
  const database = openDatabase({ directory });
  try {
    const economy = await openEconomy(database, await openLedger(database));
    const small = { ...size, contributions: size.contributors, uses: size.contributors };
    must(await economy.publishPolicy(1n, samplePolicy({ epochId: FIRST_EPOCH })));
    must(await economy.openEpoch(1n));
    must(await economy.addValuation(1n, VALUATION));
    await fill(economy, FIRST_EPOCH, small);
    must(await economy.close(3n, FIRST_EPOCH));
    must(await economy.publishPolicy(4n, samplePolicy({ epochId: BENCH_EPOCH })));
    must(await economy.openEpoch(4n));
    await fill(economy, BENCH_EPOCH, size);
  } finally {
    await database.close();
  }
}

async function fill(economy: Economy, epochId: string, size: EpochFill): Promise<void> {
  const made = madeUp(epochId, size);
  for (const some of inPieces(size.contributions, made.contribution))
    must(await economy.addContributions(2n, some));
  for (const some of inPieces(size.receipts, made.receipt)) must(await economy.addReceipts(2n, some));
  for (const some of inPieces(size.uses, made.use)) must(await economy.addUses(some));
}

function madeUp(epochId: string, size: EpochFill) {
  const chance = seededChance(`bench scale/${epochId}`);
  const idOf = (n: number): string =>
    createHash('sha256').update(`${epochId}/${n}`).digest('hex').slice(0, 40);
  const kindOf = (n: number) => KINDS[n % KINDS.length] ?? KINDS[0];
  const contribution = (n: number): Contribution => {
    const [kind, meter] = kindOf(n);
    const payee = benchPayee(n % size.contributors);
    return {
      id: idOf(n),
      schema: 'jamnet/contribution/v1',
      kind,
      meter,
      payees: [{ payee, weight: 1n }],
      merit: BigInt(1 + chance.below(1_000_000)),
      subject: '',
      acceptedAtUs: 1n,
      evidence: '00'.repeat(32),
      ownerGroup: payee,
    };
  };
  const receipt = (n: number): Receipt => ({
    id: `${epochId}-receipt-${n}`,
    principal: `payer-${n}`,
    stream: 'subscription',
    amountCents: BigInt(100 + chance.below(10_000)),
    currency: 'USD',
    reference: '',
    refundOf: null,
    receivedAtUs: 1n,
  });
  const use = (n: number): Use => {
    const used = chance.below(size.contributions);
    return {
      row: `${epochId}-use-${n}`,
      contribution: idOf(used),
      meter: kindOf(used)[1],
      quantity: BigInt(1 + chance.below(100_000)),
      principal: `payer-${chance.below(size.receipts)}`,
    };
  };
  return { contribution, receipt, use };
}

function* inPieces<T>(count: number, make: (n: number) => T): Generator<T[]> {
  for (let start = 0; start < count; start += AT_ONCE)
    yield Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, n) => make(start + n));
}

function must<T>(answer: Result<T>): T {
  if (answer.ok) return answer.value;
  throw new Failure(answer.code, answer.message);
}
