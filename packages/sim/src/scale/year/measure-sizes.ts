import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, present, type Result, seededChance } from '@jamnet/base';
import type { Contribution, PayoutRequest, Receipt, Use } from '@jamnet/economy';
import { chunkOf, compareChunk } from '@jamnet/mesh';
import { honestResult, inputOf } from '@jamnet/mesh/testing';
import { CrashingFiles } from '../../ledger/crashing-files.ts';
import { FailingDatabase } from '../failing-database.ts';
import { People } from '../people.ts';
import { scalePolicy } from '../scale-policy.ts';
import { SMALL_SCALE } from '../scale-size.ts';
import { DAY_ZERO_US } from '../scale-world.ts';
import { SimBank } from '../sim-bank.ts';
import { SimHost } from '../sim-host.ts';
import { coordinatorParts, SCALE_KIND, type StudioProcess, startStudio } from '../studio-process.ts';
import { databaseSize } from './database-size.ts';

/** What one of a thing leaves behind and takes. */
export interface MeasuredSize {
  readonly thing:
    | 'payment'
    | 'contribution'
    | 'use'
    | 'task'
    | 'payee paid'
    | 'cash out'
    | 'log leaf'
    | 'take minute';
  readonly measured: number;
  readonly rows: number;
  /** That it puts into the log. */
  readonly leaves: number;
  /** In the database with its indexes; of a log leaf and of a minute of a take's track: in files. */
  readonly bytes: number;
  /** Processor time of this process, without waits for a disk. */
  readonly processorUs: number;
}

/** Beyond the first month of the simulated studio. */
const AFTER_MONTH_US = DAY_ZERO_US + 32n * 86_400_000_000n;
const NOW_US = DAY_ZERO_US + 86_400_000_000n;
/** After the cut-off of what is redeemed once the month is over. */
const PRICED_US = AFTER_MONTH_US + 32n * 86_400_000_000n;
const VALUED = { valueCents: 10_000_000_00n, fullyDilutedUnits: 10_000_000n };
/** Days until the bank has answered for all. */
const BANK_DAYS_MAX = 100;
const AT_ONCE = 100;
const TASKS_AT_ONCE = 20;
const PLAYERS = 3;

/** Puts `count` of each thing into a new database through the real parts and looks at what it left. */
export async function measureSizes(count: number): Promise<readonly MeasuredSize[]> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-year-'));
  const database = new FailingDatabase(join(directory, 'studio.sqlite'));
  const files = new CountedFiles(seededChance('year'), null);
  const bank = new SimBank(seededChance('year/bank'));
  try {
    const studio = await startStudio({
      seed: 'year',
      database,
      files,
      bank,
      rowKeys: seededChance('year/rows'),
      between: {},
    });
    return await measureAll(studio, files, bank, count);
  } finally {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureAll(
  studio: StudioProcess,
  files: CountedFiles,
  bank: SimBank,
  count: number,
): Promise<MeasuredSize[]> {
  const { economy } = studio;
  must(await economy.publishPolicy(DAY_ZERO_US - 1n, scalePolicy()));
  must(await economy.openEpoch(DAY_ZERO_US));
  const dated = { datedAtUs: DAY_ZERO_US, approvedBy: 'the board', documentSha256: '0'.repeat(64) };
  must(await economy.addValuation(NOW_US, { ...VALUED, id: 'v', ...dated }));
  const made = new Made();
  const sizes: MeasuredSize[] = [];
  const measure = async (thing: MeasuredSize['thing'], work: () => Promise<unknown>): Promise<void> => {
    const before = databaseSize(studio.database);
    const leavesBefore = await studio.ledger.size();
    const cpu = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(cpu);
    const after = databaseSize(studio.database);
    const leaves = Number((await studio.ledger.size()) - leavesBefore);
    const each = (total: number): number => Math.round((10 * total) / count) / 10;
    sizes.push({
      thing,
      measured: count,
      rows: each(after.rows - before.rows),
      leaves: each(leaves),
      bytes: Math.round((after.bytes - before.bytes) / count),
      processorUs: Math.round((user + system) / count),
    });
  };
  await measure('payment', () => inPieces(count, made.receipt, (some) => economy.addReceipts(NOW_US, some)));
  await measure('contribution', () =>
    inPieces(count, made.contribution, (some) => economy.addContributions(NOW_US, some)),
  );
  await measure('use', () => inPieces(count, made.use, (some) => economy.addUses(some)));
  await measure('task', () => doTasks(studio, count));
  for (let n = 0; n < count; n++)
    must(await economy.registerPayee(NOW_US, { ...made.payee(n), evidenceSha256: '0'.repeat(64) }));
  await measure('payee paid', async () => must(await economy.close(AFTER_MONTH_US, '2027-01')));
  await measure('cash out', () => cashOut(studio, bank, count, made));
  const leaves = Number(await studio.ledger.size());
  const cpu = process.cpuUsage();
  await studio.log.publish(AFTER_MONTH_US);
  const { user, system } = process.cpuUsage(cpu);
  const processorUs = Math.round((user + system) / leaves);
  sizes.push({
    thing: 'log leaf',
    measured: leaves,
    ...{ rows: 0, leaves: 0 },
    bytes: Math.round(files.bytes / leaves),
    processorUs,
  });
  return sizes;
}

/** Files of the published log as they stand. */
class CountedFiles extends CrashingFiles {
  readonly #sizes = new Map<string, number>();

  get bytes(): number {
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  override async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#sizes.set(path, bytes.length);
    await super.write(path, bytes);
  }
}

class Made {
  readonly #people = new People('year', SMALL_SCALE);

  payee(n: number) {
    return { payee: this.#people.payee(n), ownerGroup: this.#people.ownerGroup(n) };
  }

  readonly receipt = (n: number): Receipt => ({
    id: `subscription-${n}`,
    principal: `member-${n}`,
    stream: 'subscription',
    amountCents: 990n,
    currency: 'USD',
    reference: '',
    refundOf: null,
    receivedAtUs: DAY_ZERO_US,
  });

  readonly contribution = (n: number): Contribution => ({
    id: this.#people.digest(`played/${n}`).slice(0, 40),
    schema: 'jamnet/contribution/v1',
    kind: 'music',
    meter: 'music/played-ms',
    payees: Array.from({ length: PLAYERS }, (_, player) => ({
      payee: this.#people.payee(n + player),
      weight: BigInt(1 + player),
    })),
    merit: 3_600_000n,
    subject: this.#people.digest(`take/${n}`),
    acceptedAtUs: DAY_ZERO_US,
    evidence: this.#people.digest(`evidence/${n}`),
    ownerGroup: this.#people.ownerGroup(n),
  });

  readonly use = (n: number): Use => ({
    row: `use-${n}-2027-01`,
    contribution: this.contribution(n).id,
    meter: 'music/listened-ms',
    quantity: 180_000n,
    principal: `member-${n}`,
  });
}

/** Each redeems what the month brought; what that and the month gave in cash goes to the bank, which answers for it or sends it back. */
async function cashOut(
  { economy, ledger, payouts }: StudioProcess,
  bank: SimBank,
  count: number,
  made: Made,
): Promise<void> {
  const payees = Array.from({ length: count }, (_, n) => made.payee(n).payee);
  for (const payee of payees) {
    const amountMicroJam = (await ledger.balance(`payee:${payee}:JAM`)) ?? 0n;
    must(await economy.requestRedemption(AFTER_MONTH_US, { payee, amountMicroJam, key: 'year' }));
  }
  const dated = { datedAtUs: PRICED_US, approvedBy: 'the board', documentSha256: '0'.repeat(64) };
  must(await economy.addValuation(PRICED_US, { ...VALUED, id: 'v2', ...dated }));
  must(await economy.processRedemptions(PRICED_US));
  const requests: PayoutRequest[] = [];
  for (const payee of payees) {
    const usdCents = (await ledger.balance(`payable:${payee}:USD`)) ?? 0n;
    if (usdCents > 0n) requests.push({ payee, usdCents, withheldCents: 0n, key: 'year', rail: 'nacha' });
  }
  for (let start = 0; start < requests.length; start += AT_ONCE)
    for (const answer of await payouts.requestAll(PRICED_US, requests.slice(start, start + AT_ONCE)))
      must(answer);
  for (let day = 0; day < BANK_DAYS_MAX; day++) {
    await payouts.run(PRICED_US);
    bank.day();
    await payouts.report(PRICED_US, bank.tell());
    const totals = await payouts.totals();
    if (totals.every(({ state }) => ['settled', 'returned'].includes(state))) return;
  }
  throw new Failure('bank-silent', 'The bank has not answered for all payouts.');
}

/** One honest host computes them, from a queue; trusted re-runs as the policy asks for them. */
async function doTasks({ coordinator }: StudioProcess, count: number): Promise<void> {
  const host = new SimHost(
    0,
    'year',
    { payee: `p${'0'.repeat(32)}`, ownerGroup: 'year' },
    seededChance('year/host'),
  );
  const tolerance = present(coordinatorParts('year').catalogue.find(SCALE_KIND, 1), 'the kind').tolerance;
  must((await coordinator.apply(NOW_US, host.register('year'))).answer);
  for (let start = 0; start < count; start += TASKS_AT_ONCE) {
    const tasks = Array.from({ length: Math.min(TASKS_AT_ONCE, count - start) }, (_, n) => ({
      kind: SCALE_KIND,
      version: 1,
      input: inputOf(start + n),
      operations: 1_000_000_000n,
      subject: `take-${start + n}`,
      audience: 'strangers' as const,
    }));
    must((await coordinator.apply(NOW_US, { type: 'create', tasks })).answer);
    const { leased } = must((await coordinator.apply(NOW_US, host.lease(TASKS_AT_ONCE))).answer);
    const done = present(
      host.work(leased, () => 0),
      'an honest host answers',
    );
    must((await coordinator.apply(NOW_US, done.commit)).answer);
    must((await coordinator.apply(NOW_US, done.reveal)).answer);
    for (const check of await coordinator.takeChecks(NOW_US, AT_ONCE)) {
      const truth = honestResult(Uint8Array.from(present(await coordinator.blob(check.inputHash), 'input')));
      const claimed = present(await coordinator.blob(check.resultHash), 'result');
      const agreements = check.chunks.map((chunk) =>
        compareChunk(tolerance, chunk, chunkOf(truth, 8, chunk), chunkOf(claimed, 8, chunk)),
      );
      const outcome = { ran: true, agreements } as const;
      must((await coordinator.apply(NOW_US, { type: 'checked', check: check.id, outcome })).answer);
    }
  }
}

async function inPieces<T>(
  count: number,
  make: (n: number) => T,
  put: (some: readonly T[]) => Promise<Result<unknown>>,
): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE)
    must(await put(Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, n) => make(start + n))));
}

function must<T>(answer: Result<T>): T {
  if (answer.ok) return answer.value;
  throw new Failure(answer.code, answer.message);
}
