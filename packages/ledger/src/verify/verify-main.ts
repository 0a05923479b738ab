import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure } from '@jamnet/base';
import { logReader } from './log-readers.ts';
import { verifyLog } from './verify-log.ts';

/**
 * `node --max-semi-space-size=2 verify-main.ts LOG --vkey KEY [--witness VKEY]… [--quorum N] [--since FILE] [--accounts]`: the verifier as a small
 * program of its own; `jamnet ledger verify` runs it. Prints one JSON object: a report, or `error` with code and sentence
 * (exit code 3: the log is wrong, 1: it could not be read).
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    vkey: { type: 'string', default: '' },
    witness: { type: 'string', multiple: true, default: [] },
    quorum: { type: 'string', default: '0' },
    since: { type: 'string' },
    accounts: { type: 'boolean', default: false },
  },
});

try {
  process.exitCode = await verify(positionals[0] ?? '.');
} catch (cause) {
  const code = cause instanceof Failure ? cause.code : 'log-unreadable';
  print({ error: { code, message: cause instanceof Error ? cause.message : String(cause) } });
  process.exitCode = 1;
}

async function verify(place: string): Promise<number> {
  const startMs = performance.now();
  const verified = await verifyLog({
    read: logReader(place),
    vkey: values.vkey,
    witnesses: values.witness,
    quorum: Number(values.quorum),
    since: values.since === undefined ? null : readFileSync(values.since),
  });
  if (!verified.ok) {
    print({ error: { code: verified.code, message: verified.message } });
    return 3;
  }
  const { checkpoint, vkey, books } = verified.value;
  const sums: Record<string, bigint> = {};
  const balances: { code: string; balance: bigint; held: bigint }[] = [];
  let accounts = 0;
  for (const { code, asset, balance, held } of books.accounts()) {
    accounts++;
    sums[asset] = (sums[asset] ?? 0n) + balance;
    if (values.accounts) balances.push({ code, balance, held });
  }
  print({
    verdict: 'ok',
    origin: checkpoint.origin,
    leaves: checkpoint.size,
    root: Buffer.from(checkpoint.root).toString('base64'),
    witnesses: checkpoint.witnesses,
    signedBy: vkey,
    accounts,
    sums,
    openHolds: books.openHolds,
    ...(values.accounts ? { balances } : {}),
    seconds: Math.round(performance.now() - startMs) / 1_000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1_024,
  });
  return 0;
}

function print(value: unknown): void {
  const text = JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));
  process.stdout.write(`${text}\n`);
}
