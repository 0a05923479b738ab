import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashWorkload, type Workload } from '@jamnet/attribution';
import type { Result } from '@jamnet/base';
import { type Economy, openEconomy, type Policy, templatePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';
import { BountyDesk } from '../bounty-desk.ts';
import { CodeFiler } from '../code-filer.ts';
import { CodeReader } from '../code-reader.ts';

export const REPOSITORY = 'forge.example/ada/mill';
export const FUNDING = 'https://fund.example/left';
/** First of the months below, 2031-04-01 UTC. */
const APRIL_US = 1_932_768_000_000_000n;
const DAY_US = 86_400_000_000n;
/** Fixes no content of its inputs: the mill's own workload takes them from a commit. */
export const UNFIXED_WORKLOAD: Workload = {
  command: ['node', 'run.mjs'],
  inputs: ['run.mjs'],
  timeLimitSeconds: 60,
};
const LOCKED = { dependencies: { left: '1.0.0' } };

/** What the mill is at first; `left` is a package of somebody else's. */
export const MILL: Readonly<Record<string, string>> = {
  'run.mjs':
    "import { grind } from './mill.js';\nlet sum = 0;\nfor (let n = 0; n < 50; n++) sum += grind(n);\nconsole.log(sum);\n",
  'mill.js':
    "import { left } from 'left';\nexport function grind(grain) {\n  const flour = left(grain) * 3;\n  return flour + 1;\n}\n",
  'package.json': JSON.stringify({ type: 'module', ...LOCKED }),
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: { '': LOCKED, 'node_modules/left': { version: '1.0.0' } },
  }),
};

/** The studio's rules: a tenth of code's merit for packages, one bounty of 5 %, bounties a tenth at most. */
const policyOf = (workload: Workload): Policy => ({
  ...templatePolicy(),
  documents: { 'mill-workload': hashWorkload(workload), unfixed: hashWorkload(UNFIXED_WORKLOAD) },
  code: {
    meter: 'code/usage',
    dependencies: { budgetPpm: 100_000 },
    bounty: { merit: 50_000_000, sharePpmMax: 100_000 },
  },
});

/** Books with a policy, a repository that is mirrored, and a clock that the test sets; `close` removes it all. */
export async function openEarningStudio() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-earning-'));
  const source = join(directory, 'source');
  const database = openDatabase({ directory, databaseUrl: undefined });
  const ledger = await openLedger(database);
  const economy = await openEconomy(database, ledger);
  const clock = { nowUs: APRIL_US - 40n * DAY_US };
  const workload = layOut(directory, source);
  const reader = new CodeReader();
  /** Sizes of the log when the books were published. */
  const published: bigint[] = [];
  const publishBooks = async (): Promise<void> => void published.push(await ledger.size());
  /** The filer over this directory, with another economy where a test lets it stop. */
  const filerOver = (through: Economy): CodeFiler =>
    new CodeFiler({
      dataDirectory: directory,
      economy: through,
      reader,
      nowUs: () => clock.nowUs,
      evidenceSecret: new Uint8Array(32).fill(7),
      nameMember: () => undefined,
      publishBooks,
      onFiled: () => Promise.resolve(),
    });
  must(await economy.publishPolicy(clock.nowUs, policyOf(workload)));
  return {
    ...{ directory, economy, ledger, clock, filerOver, workload, published },
    filer: filerOver(economy),
    bounties: new BountyDesk({
      dataDirectory: directory,
      economy,
      ledger,
      nowUs: () => clock.nowUs,
      publishBooks,
    }),
    /** Opens the n-th month from April 2031 on, in which somebody pays $100; gives its id. */
    openMonth: async (n: number): Promise<string> => {
      clock.nowUs = APRIL_US + BigInt(31 * n) * DAY_US + DAY_US;
      const { id } = must(await economy.openEpoch(clock.nowUs));
      const paid = {
        id: `receipt-${n}`,
        principal: 'payer',
        stream: 'licence' as const,
        amountCents: 10_000n,
      };
      const terms = { currency: 'USD', reference: '', refundOf: null };
      // Before the refund window that ends in this month.
      const receivedAtUs = clock.nowUs - 121n * DAY_US;
      must(await economy.addReceipt(clock.nowUs, { ...paid, ...terms, receivedAtUs }));
      return id;
    },
    closeMonth: async (id: string) => {
      clock.nowUs = (await economy.epoch(id))?.endUs ?? 0n;
      return must(await economy.close(clock.nowUs, id));
    },
    /** Commits files as somebody. */
    commit: (author: string, files: Readonly<Record<string, string>>): string => {
      for (const [path, text] of Object.entries(files)) writeFileSync(join(source, path), text);
      git(source, author, 'add', '.');
      git(source, author, 'commit', '--quiet', '--message', `by ${author}`);
      return git(source, author, 'rev-parse', 'HEAD');
    },
    /** Takes the last commits away, as a force-push does. */
    drop: (commits: number) => git(source, 'Ada', 'reset', '--quiet', '--hard', `HEAD~${commits}`),
    git: (author: string, ...args: readonly string[]) => git(source, author, ...args),
    close: async (): Promise<void> => {
      await reader.close();
      await database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

function git(source: string, author: string, ...args: readonly string[]): string {
  const email = `${author.toLowerCase()}@example.org`;
  const who = ['-c', `user.name=${author}`, '-c', `user.email=${email}`, '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, '-C', source, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** Gives the workload, whose input is as Ada's first commit has it. */
function layOut(directory: string, source: string): Workload {
  mkdirSync(source);
  git(source, 'Ada', 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(source, 'run.mjs'), MILL['run.mjs'] ?? '');
  git(source, 'Ada', 'add', '.');
  git(source, 'Ada', 'commit', '--quiet', '--message', 'What the mill grinds');
  const fixed = { ...UNFIXED_WORKLOAD, inputsFromCommit: git(source, 'Ada', 'rev-parse', 'HEAD') };
  const modules = join(directory, 'modules', 'node_modules');
  mkdirSync(join(modules, 'left'), { recursive: true });
  const manifest = {
    ...{ name: 'left', version: '1.0.0', type: 'module', main: 'index.js', funding: FUNDING },
    repository: 'https://forge.example/left/left.git',
  };
  writeFileSync(join(modules, 'left', 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(modules, 'left', 'index.js'), 'export function left(n) {\n  return n + 1;\n}\n');
  mkdirSync(join(directory, 'code'));
  const workload = join(directory, 'workload.json');
  writeFileSync(workload, JSON.stringify(fixed));
  const row = { repository: REPOSITORY, address: source, branch: 'main', workload, modules };
  writeFileSync(join(directory, 'code', 'repositories.json'), JSON.stringify([row]));
  return fixed;
}
