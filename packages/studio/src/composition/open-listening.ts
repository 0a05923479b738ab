import { randomBytes } from 'node:crypto';
import type { Contribution, Economy } from '@jamnet/economy';
import type { Ledger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { deriveSecret } from '../identity/keys.ts';
import { ClipShelf } from '../listening/clips.ts';
import { ListeningDesk } from '../listening/listening-desk.ts';
import { ReleaseDesk } from '../listening/release-desk.ts';
import type { TakeStore } from '../takes/take-store.ts';
import type { TrainingDesk } from '../training/training-desk.ts';
import type { StudioSecrets } from './secrets.ts';

export interface ListeningNeeds {
  readonly database: Database;
  readonly takes: TakeStore;
  readonly economy: Economy;
  readonly ledger: Ledger;
  readonly training: TrainingDesk;
  readonly secrets: StudioSecrets;
  readonly addContributions: (contributions: readonly Contribution[]) => Promise<void>;
  readonly publishBooks: () => Promise<void>;
  readonly nowUs: () => bigint;
}

/** What curators judge: blind pairs of the takes, and released models. */
export async function openListening(
  needs: ListeningNeeds,
): Promise<{ readonly listening: ListeningDesk; readonly releases: ReleaseDesk }> {
  const { database, takes, economy, ledger, training, secrets, nowUs } = needs;
  const listening = await ListeningDesk.open({
    database,
    clips: new ClipShelf(takes),
    trials: [training.trial, training.blend.trial],
    economy,
    addContributions: needs.addContributions,
    evidenceSecret: secrets.evidence,
    drawSecret: deriveSecret(secrets.evidence, 'blind pairs'),
    newId: () => randomBytes(16).toString('hex'),
    nowUs,
  });
  const releases = await ReleaseDesk.open({
    database,
    ledger,
    releases: () => training.models().releases,
    rollback: () => training.rollback(),
    ownerGroupOf: (payee) => economy.ownerGroupOf(payee),
    publishBooks: needs.publishBooks,
    nowUs,
  });
  return { listening, releases };
}
