import { createHash } from 'node:crypto';
import { Failure } from '@jamnet/base';
import { type Ledger, openLog, type TransparencyLog } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { LOG_ORIGIN, logSigner } from '../identity/log-signer.ts';
import type { StudioSecrets } from './secrets.ts';

type LogSecrets = Pick<StudioSecrets, 'log' | 'logBesides' | 'logKeyChanges'>;

const LEAF_KIND = 'log-key';

/** The studio's log under its newest key. Each change of the key stands in the log itself, so that none can be taken back. */
export async function openStudioLog(
  directory: string,
  ledger: Ledger,
  { log, logBesides, logKeyChanges }: LogSecrets,
  nowUs: bigint,
  database?: Database,
): Promise<TransparencyLog> {
  await recordChanges(ledger, logKeyChanges, nowUs);
  return openLog({
    directory,
    ledger,
    ...(database === undefined ? {} : { database }),
    origin: LOG_ORIGIN,
    signer: logSigner(log),
    besides: logBesides.map(logSigner),
    keyChanges: logKeyChanges,
  });
}

/** Each once: a second start finds its key in the journal. */
async function recordChanges(ledger: Ledger, notes: readonly string[], nowUs: bigint): Promise<void> {
  if (notes.length === 0) return;
  const requests = notes.map((note) => {
    const sha256 = createHash('sha256').update(note).digest('hex');
    return { key: `log-key:${sha256}`, record: { kind: LEAF_KIND, sha256 } };
  });
  for (const answer of await ledger.post(nowUs, requests))
    if (!answer.ok) throw new Failure('log-key-unrecorded', answer.message);
}
