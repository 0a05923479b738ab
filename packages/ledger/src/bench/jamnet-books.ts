import { assert } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { verifyDirectory } from '../core/verify-directory.ts';
import { directoryFiles } from '../log/directory-files.ts';
import { nativeSigner } from '../log/native-signer.ts';
import { openLog } from '../log/open-log.ts';
import { openLedger } from '../store/ledger.ts';
import type { BenchTransfer } from './bench-ledger.ts';

const ORIGIN = 'bench.invalid/log';
const NOW_US = 1_790_000_000_000_000n;
/** More than any bench pays out. */
const FUND = 10n ** 15n;
/** A log that is published some ten times a second keeps its promise of 24 hours; each time costs a dozen fsyncs. */
const PUBLISH_BATCHES = 5;

/** The ledger as the bench drives it: batches are posted, and published in the log behind them. */
export async function openJamnetBooks(database: Database, directory: string, accounts: number) {
  const ledger = await openLedger(database);
  const names = Array.from({ length: accounts }, (_, i) => `payee:p${String(i).padStart(8, '0')}:JAM`);
  const pool = { code: 'pool:JAM', owner: 'bench', asset: 'JAM', kind: 'pool', floor: 0n } as const;
  await ledger.openAccounts(NOW_US, [{ ...pool, code: 'outside:JAM', kind: 'external', floor: null }, pool]);
  for (let at = 0; at < accounts; at += 10_000) {
    const opening = names.slice(at, at + 10_000).map((code) => ({ ...pool, code, kind: 'person' as const }));
    await ledger.openAccounts(NOW_US, opening);
  }
  const legs = [
    { account: 'outside:JAM', amount: -FUND },
    { account: pool.code, amount: FUND },
  ];
  await ledger.post(NOW_US, [{ key: 'fund', kind: 'bench.fund', legs }]);
  const signer = nativeSigner(ORIGIN, new Uint8Array(32).fill(1));
  const log = await openLog({ directory, ledger, origin: ORIGIN, signer });
  let publishing: Promise<unknown> | null = null;
  let unpublishedBatches = 0;
  const publishInBackground = (): void => {
    unpublishedBatches = 0;
    publishing ??= log.publish(NOW_US).finally(() => {
      publishing = null;
    });
  };
  return {
    /** Ends when the batch is durable and answered; the log is published behind it, as a server does. */
    async post(transfers: readonly BenchTransfer[]): Promise<void> {
      const answers = await ledger.post(
        NOW_US,
        transfers.map(({ key, account, amount }) => ({
          key,
          kind: 'bench.transfer',
          legs: [
            { account: pool.code, amount: -amount },
            { account: names[account] ?? '', amount },
          ],
        })),
      );
      for (const answer of answers)
        assert(answer.ok && !answer.repeated, 'each transfer of the bench is new and covered');
      if (++unpublishedBatches >= PUBLISH_BATCHES) publishInBackground();
    },
    /** Ends when every leaf so far is in the published log. */
    async finish(): Promise<void> {
      await publishing;
      await log.publish(NOW_US);
    },
    async poolBalance(): Promise<bigint> {
      return (await ledger.balance(pool.code)) ?? -1n;
    },
    /** The published directory, checked from its files alone. */
    async verify(): Promise<void> {
      const verified = await verifyDirectory(directoryFiles(directory).read, { vkey: log.vkey });
      assert(verified.ok, 'the log that the bench published verifies');
      const replayed = verified.value.books.account(pool.code)?.balance;
      assert(replayed === (await ledger.balance(pool.code)), 'the replayed pool equals the stored one');
    },
  };
}
