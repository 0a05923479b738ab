import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type AccountRequest,
  directoryFiles,
  nativeSigner,
  openBooks,
  verifyDirectory,
  vkeyOf,
} from '@jamnet/ledger';
import { openPostgres } from '@jamnet/sql';
import { afterEach, expect, inject, test } from 'vitest';
import { POSTER_ORIGIN, POSTER_SEED, type PosterJob } from './poster-job.ts';

const PROGRAM = fileURLToPath(new URL('./poster-main.ts', import.meta.url));
const POOL = 250n;
const OWN = 120;
const SHARED = 80;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Answers {
  readonly accepted: number;
  readonly repeated: number;
  readonly refused: number;
}

/** Books with a pool of 250 for two processes that ask for 120 + 120 + 80 different units, 400 requests in all. */
async function openSharedBooks(engine: string) {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-processes-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const databaseUrl = engine === 'postgres' ? { databaseUrl: await freshPostgres() } : {};
  const place = { directory, ...databaseUrl };
  const { ledger, close } = await openBooks(place);
  cleanups.push(close);
  const account = { owner: 'x', asset: 'JAM', kind: 'pool', floor: 0n } as const;
  const accounts: AccountRequest[] = [
    { ...account, code: 'outside:JAM', kind: 'external', floor: null },
    { ...account, code: 'pool:JAM' },
    { ...account, code: 'a:JAM' },
  ];
  await ledger.openAccounts(1n, accounts);
  const legs = [
    { account: 'outside:JAM', amount: -POOL },
    { account: 'pool:JAM', amount: POOL },
  ];
  await ledger.post(1n, [{ key: 'fund', kind: 'fund', legs }]);
  const job = (name: string): PosterJob => ({
    ...place,
    name,
    logDirectory: join(directory, 'log'),
    own: OWN,
    shared: SHARED,
  });
  return { ledger, job };
}

async function freshPostgres(): Promise<string> {
  const url = new URL(inject('postgresUrl'));
  const name = `processes_${process.pid}_${Date.now()}`;
  const onServer = async (statement: string): Promise<void> => {
    const server = openPostgres({ url: inject('postgresUrl'), connectionsMax: 1 });
    if (server.engine === 'postgres') await server.pool.query(statement);
    await server.close();
  };
  await onServer(`CREATE DATABASE ${name}`);
  cleanups.push(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
  url.pathname = `/${name}`;
  return url.href;
}

/** Starts a posting process; `onBatch` sees how many batches it has done. */
function start(job: PosterJob, onBatch: (done: number, child: ChildProcess) => void = () => {}) {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  let answers: Answers | null = null;
  let done = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'batch') onBatch(++done, child);
    else answers = JSON.parse(line) as Answers;
  });
  return new Promise<Answers | null>((resolve) => child.once('close', () => resolve(answers)));
}

test.each(['sqlite', 'postgres'])(
  'two processes on one %s spend a pool once and keep one log',
  async (engine) => {
    const { ledger, job } = await openSharedBooks(engine);
    const [one, other] = await Promise.all([start(job('one')), start(job('other!'))]);
    if (!one || !other) throw new Error('a process ended without its answers');
    expect(BigInt(one.accepted + other.accepted)).toBe(POOL);
    expect(one.accepted).toBeGreaterThan(0);
    expect(other.accepted).toBeGreaterThan(0);
    expect(one.repeated + other.repeated).toBeGreaterThan(0);
    expect(await ledger.balance('pool:JAM')).toBe(0n);
    expect(await ledger.balance('a:JAM')).toBe(POOL);
    await expectOneLog(job('one').logDirectory, 4n + POOL);
  },
);

test.each(['sqlite', 'postgres'])(
  'a process killed in the middle on %s loses nothing: started again it is answered as before',
  async (engine) => {
    const { ledger, job } = await openSharedBooks(engine);
    const killed = start(job('one'), (done, child) => {
      if (done === 3) child.kill('SIGKILL');
    });
    expect(await killed).toBeNull();
    const [again, other] = await Promise.all([start(job('one')), start(job('other!'))]);
    if (!again || !other) throw new Error('a process ended without its answers');
    expect(again.repeated).toBeGreaterThanOrEqual(60);
    expect(await ledger.balance('a:JAM')).toBe(POOL);
    expect(await ledger.balance('pool:JAM')).toBe(0n);
    await expectOneLog(job('one').logDirectory, 4n + POOL);
  },
);

/** The published log holds every leaf once, and replays. */
async function expectOneLog(directory: string, size: bigint): Promise<void> {
  const keys = new Set<string>();
  let keyed = 0;
  const verified = await verifyDirectory(directoryFiles(directory).read, {
    vkey: vkeyOf(nativeSigner(POSTER_ORIGIN, POSTER_SEED)),
    onLeaf: (_, leaf) => {
      if (!('key' in leaf)) return;
      keys.add(leaf.key);
      keyed++;
    },
  });
  if (!verified.ok) throw new Error(verified.message);
  expect(verified.value.checkpoint.size).toBe(size);
  expect(keys.size).toBe(keyed);
  expect(verified.value.books.account('a:JAM')?.balance).toBe(POOL);
}
