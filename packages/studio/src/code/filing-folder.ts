import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EMPTY_JOURNAL,
  type JournalCode,
  type PaidJournal,
  readPaidJournal,
  writePaidJournal,
} from '@jamnet/attribution';
import { bigintAsText, ok, type Result } from '@jamnet/base';
import type { Contribution, Use } from '@jamnet/economy';
import { writeWhole } from '../config/write-whole.ts';
import type { CodeFinding, JudgedStatements } from './code-finding.ts';
import { slugOf } from './mirrored-repositories.ts';

/** What a repository's code earns in an epoch: decided and written down before any of it is filed, so that a stop pays nothing twice. */
export interface CodeFilingRecord {
  readonly epochId: string;
  readonly isFiled: boolean;
  readonly finding: CodeFinding;
  readonly contributions: readonly Contribution[];
  readonly uses: readonly Use[];
  /** Bounties paid with it, by id, each with its contribution. */
  readonly bounties: readonly {
    readonly id: string;
    readonly contribution: string;
    readonly keys: readonly string[];
  }[];
}

/** Filings in the data directory: `code/filings/SLUG/EPOCH/HEAD.json`, and what they lead to. */
export class FilingFolder {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'code');
  }

  /** What the gate decided for a repository so far; `null`: it has never been filed. */
  judged(repository: string): JudgedStatements | null {
    const file = join(this.#directory, 'filings', slugOf(repository), 'judged.json');
    // Written by `keepJudged` below and by nobody else.
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JudgedStatements) : null;
  }

  keepJudged(repository: string, judged: JudgedStatements): void {
    writeWhole(join(this.#directory, 'filings', slugOf(repository), 'judged.json'), JSON.stringify(judged));
  }

  paid(): Result<PaidJournal, JournalCode> {
    const file = join(this.#directory, 'paid-statements.json');
    return existsSync(file) ? readPaidJournal(readFileSync(file, 'utf8')) : ok(EMPTY_JOURNAL);
  }

  keepPaid(journal: PaidJournal): void {
    writeWhole(join(this.#directory, 'paid-statements.json'), writePaidJournal(journal));
  }

  write(record: CodeFilingRecord): void {
    const { repository, head } = record.finding;
    const file = join(this.#folderOf(repository, record.epochId), `${head}.json`);
    writeWhole(file, JSON.stringify(record, bigintAsText));
  }

  /** Filings of a repository in an epoch. */
  ofEpoch(repository: string, epochId: string): CodeFilingRecord[] {
    const folder = this.#folderOf(repository, epochId);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.sort().map((name) => readRecord(readFileSync(join(folder, name), 'utf8')));
  }

  #folderOf(repository: string, epochId: string): string {
    return join(this.#directory, 'filings', slugOf(repository), epochId);
  }
}

function readRecord(text: string): CodeFilingRecord {
  // Written by `write` above; amounts are text there.
  const record = JSON.parse(text) as CodeFilingRecord;
  return {
    ...record,
    uses: record.uses.map((use) => ({ ...use, quantity: BigInt(use.quantity) })),
    contributions: record.contributions.map((one) => ({
      ...one,
      payees: one.payees.map(({ payee, weight }) => ({ payee, weight: BigInt(weight) })),
      merit: BigInt(one.merit),
      acceptedAtUs: BigInt(one.acceptedAtUs),
    })),
  };
}
