import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Asset, Failure, formatAmount } from '@jamnet/base';
import { type FillOptions, fillBooks } from '@jamnet/ledger';
import type { VerifierReport } from './run-verifier.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** Reports and balances of 10,000 accounts are a few hundred kB. */
const OUTPUT_BYTES_MAX = 512 * 1_024 * 1_024;
const execute = promisify(execFile);

export interface DrillOptions extends FillOptions {
  /** hledger takes about 7 kB of memory per entry, so the journal is exported in so many parts. */
  readonly parts: number;
  readonly onStep: (text: string) => void;
}

export interface DrillReport {
  readonly entries: number;
  readonly leaves: number;
  readonly accounts: number;
  readonly fillSeconds: number;
  readonly verifySeconds: number;
  readonly verifyPeakMemoryBytes: number;
  readonly exportSeconds: number;
  readonly exportBytes: number;
  readonly exportPeakMemoryBytes: number;
  /** `null` where hledger is not installed. */
  readonly hledger: {
    readonly parts: number;
    readonly seconds: number;
    readonly balancesAgree: boolean;
  } | null;
}

/** Fills new books, verifies the log, exports and has hledger check it; each in a process of its own, to see its memory. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const { directory, entries, parts, onStep } = options;
  const fillStartMs = performance.now();
  await fillBooks(options);
  const fillSeconds = secondsSince(fillStartMs);
  onStep(`filled in ${fillSeconds} s`);
  const log = join(directory, 'public', 'log');
  // Our own command's report.
  const verified = (await jamnet(['ledger', 'verify', log, '--accounts', '--json'])) as VerifierReport;
  onStep(`verified in ${verified.seconds} s with ${Math.round(verified.peakMemoryBytes / 1e6)} MB`);
  const exported = await exportParts(directory, Number(verified.leaves), parts);
  onStep(`exported in ${exported.seconds} s`);
  const hledger = hasHledger() ? await checkByHledger(exported.files, verified, onStep) : null;
  return {
    entries,
    leaves: Number(verified.leaves),
    accounts: verified.accounts,
    fillSeconds,
    verifySeconds: verified.seconds,
    verifyPeakMemoryBytes: verified.peakMemoryBytes,
    exportSeconds: exported.seconds,
    exportBytes: exported.bytes,
    exportPeakMemoryBytes: exported.peakMemoryBytes,
    hledger,
  };
}

async function jamnet(words: readonly string[]): Promise<unknown> {
  const { stdout } = await execute(process.execPath, [...process.execArgv, MAIN, ...words], {
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  return JSON.parse(stdout);
}

async function exportParts(directory: string, leaves: number, parts: number) {
  const startMs = performance.now();
  const files: string[] = [];
  let [bytes, peakMemoryBytes] = [0, 0];
  for (let part = 0; part < parts; part++) {
    const file = join(directory, `part-${part}.journal`);
    const range = [
      '--from',
      Math.floor((leaves * part) / parts),
      '--to',
      Math.floor((leaves * (part + 1)) / parts),
    ];
    const words = ['ledger', 'export', '--format', 'hledger', '--data', directory, '--out', file, '--json'];
    // Our own command's report.
    const report = (await jamnet([...words, ...range.map(String)])) as {
      bytes: number;
      peakMemoryBytes: number;
    };
    files.push(file);
    bytes += report.bytes;
    peakMemoryBytes = Math.max(peakMemoryBytes, report.peakMemoryBytes);
  }
  return { files, bytes, peakMemoryBytes, seconds: secondsSince(startMs) };
}

function hasHledger(): boolean {
  return spawnSync('hledger', ['--version']).status === 0;
}

/** Strict check of every part, and the last part's balances beside the verifier's. */
async function checkByHledger(
  files: readonly string[],
  verified: VerifierReport,
  onStep: (text: string) => void,
) {
  const startMs = performance.now();
  for (const file of files) {
    await hledger(file, ['check', '-s']);
    onStep(`hledger accepts ${file}`);
  }
  const text = await hledger(files.at(-1) ?? '', ['balance', '--flat', '--empty', '-N', '-O', 'csv']);
  const theirs = new Map([...text.matchAll(/^"([^"]+)","([^"]*)"$/gm)].map((row) => [row[1], row[2]]));
  const wrong = (verified.balances ?? []).filter(
    ({ code, balance }) => theirs.get(code) !== amountText(code, balance),
  );
  return { parts: files.length, seconds: secondsSince(startMs), balancesAgree: wrong.length === 0 };
}

async function hledger(file: string, words: readonly string[]): Promise<string> {
  try {
    return (await execute('hledger', ['-f', file, ...words], { maxBuffer: OUTPUT_BYTES_MAX })).stdout;
  } catch (cause) {
    throw new Failure('hledger-refused', `hledger does not accept ${file}`, { cause });
  }
}

/** As hledger writes it: a balance of nothing has no commodity. */
function amountText(code: string, balance: string): string {
  // The verifier has checked that a code ends in its asset.
  const asset = code.slice(code.lastIndexOf(':') + 1) as Asset;
  return balance === '0' ? '0' : `${formatAmount(BigInt(balance), asset)} ${asset}`;
}

function secondsSince(startMs: number): number {
  return Math.round(performance.now() - startMs) / 1_000;
}
