import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError, EXIT } from '../exit-codes.ts';

/** What the verifier prints of a log that holds together. Integers of the books are decimal text. */
export interface VerifierReport {
  readonly verdict: 'ok';
  readonly origin: string;
  readonly leaves: string;
  readonly root: string;
  readonly witnesses: readonly string[];
  /** The key that signed: the one named, or one that it was handed on to. */
  readonly signedBy: string;
  readonly accounts: number;
  readonly sums: Readonly<Record<string, string>>;
  readonly openHolds: number;
  readonly balances?: readonly { readonly code: string; readonly balance: string; readonly held: string }[];
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}

const VERIFIER = fileURLToPath(import.meta.resolve('@jamnet/ledger/verify-main'));

/** Leaves live for a moment: a small nursery (MB) halves the memory of a large log and costs no time. */
const NURSERY = '--max-semi-space-size=2';

/** Runs the verifier as the small program it is, apart from this one, which loads a whole studio. */
export async function runVerifier(words: readonly string[]): Promise<VerifierReport> {
  const child = spawn(process.execPath, [...process.execArgv, NURSERY, VERIFIER, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const answer = parse(Buffer.concat(pieces).toString());
  if ('verdict' in answer) return answer;
  const { code, message } = answer.error;
  throw new CommandError(code, message, exitCode === 3 ? EXIT.refused : EXIT.failed);
}

function parse(text: string): VerifierReport | { error: { code: string; message: string } } {
  try {
    // Our own program's one line.
    return JSON.parse(text) as VerifierReport;
  } catch {
    return { error: { code: 'verifier-ended', message: 'The verifier ended without an answer.' } };
  }
}
