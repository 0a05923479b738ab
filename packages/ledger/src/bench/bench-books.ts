import { seededChance } from '@jamnet/base';
import { type Database, openDatabase, tablesOf } from '@jamnet/sql';
import type { LedgerTables } from '../store/tables.ts';
import { drawQuestions, type ExplorerGround, type ExplorerQuestion, planOf } from './explorer-questions.ts';
import { fillBooks } from './fill-books.ts';

/** Accounts and keys that questions are drawn from. */
const DRAWN_FROM = 10_000;

export interface BenchBooksOptions {
  /** A new data directory. */
  readonly directory: string;
  /** An empty PostgreSQL database; without it, SQLite in the directory. */
  readonly databaseUrl?: string | undefined;
  readonly accounts: number;
  readonly entries: number;
  /** Of each sort. */
  readonly questions: number;
  readonly onPhase?: (phase: string, seconds: number) => void;
}

export interface BooksQueryRow {
  readonly query: ExplorerQuestion['name'];
  readonly msP50: number;
  readonly msP95: number;
  /** Rows that the last answer had. */
  readonly rows: number;
  readonly plan: readonly string[];
}

export interface BenchBooksReport {
  readonly engine: Database['engine'];
  readonly accounts: number;
  readonly leaves: number;
  readonly questions: number;
  readonly goalMsP95: number;
  readonly queries: readonly BooksQueryRow[];
}

/** Made-up books of this size, and how long the questions of people who look through them take, each with its plan. */
export async function benchBooks(options: BenchBooksOptions): Promise<BenchBooksReport> {
  const { directory, databaseUrl, onPhase = () => {} } = options;
  const started = performance.now();
  await fillBooks({ directory, databaseUrl, entries: options.entries, accounts: options.accounts });
  onPhase('filled', (performance.now() - started) / 1000);
  const database = openDatabase({ directory, databaseUrl });
  try {
    const ground = await groundOf(database);
    const queries = await askAll(database, ground, options.questions);
    return {
      engine: database.engine,
      accounts: options.accounts,
      leaves: Number(ground.size),
      questions: options.questions,
      goalMsP95: 200,
      queries,
    };
  } finally {
    await database.close();
  }
}

async function groundOf(database: Database): Promise<ExplorerGround> {
  const tables = tablesOf<LedgerTables>(database);
  const accounts = await tables
    .selectFrom('ledger_account')
    .select(['id', 'code'])
    .limit(DRAWN_FROM)
    .execute();
  const keyed = await tables
    .selectFrom('ledger_leaf')
    .select('key')
    .where('key', 'is not', null)
    .limit(DRAWN_FROM)
    .execute();
  const { size } = await tables.selectFrom('ledger_head').select('size').executeTakeFirstOrThrow();
  return { accounts, keys: keyed.map(({ key }) => key ?? ''), size };
}

async function askAll(
  database: Database,
  ground: ExplorerGround,
  questions: number,
): Promise<readonly BooksQueryRow[]> {
  const chance = seededChance('books');
  const taken = new Map<ExplorerQuestion['name'], number[]>();
  const last = new Map<ExplorerQuestion['name'], { query: ExplorerQuestion; rows: number }>();
  for (let round = 0; round < questions; round++)
    for (const question of drawQuestions(database, ground, chance)) {
      const begun = performance.now();
      const { rows } = await database.kysely.executeQuery(question.query);
      const ms = performance.now() - begun;
      const before = taken.get(question.name);
      if (before) before.push(ms);
      else taken.set(question.name, [ms]);
      last.set(question.name, { query: question, rows: rows.length });
    }
  const report: BooksQueryRow[] = [];
  for (const [query, ms] of taken) {
    const sorted = ms.toSorted((a, b) => a - b);
    const at = (part: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    const asked = last.get(query);
    const plan = asked === undefined ? '' : await planOf(database, asked.query.query);
    report.push({ query, msP50: at(0.5), msP95: at(0.95), rows: asked?.rows ?? 0, plan: plan.split('\n') });
  }
  return report;
}
