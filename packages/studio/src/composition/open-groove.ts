import { join } from 'node:path';
import { platformVerifySignature } from '@jamnet/jamnode';
import { BeaconFiles, directoryFiles, type Ledger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { WITNESS_QUORUM } from '../books/audit.ts';
import { PUBLIC } from '../books/public-layout.ts';
import { DrawDesk } from '../groove/live/draw-desk.ts';
import { GrooveStore } from '../groove/live/groove-store.ts';
import { LiveDesk, type LiveParts } from '../groove/live/live-desk.ts';
import { RoundJournal } from '../groove/live/round-journal.ts';
import { witnessKeys } from '../groove/live/witness-keys.ts';
import { tellOnce } from '../processes/tell-failure.ts';

export interface GrooveParts
  extends Pick<
    LiveParts,
    | 'nowUs'
    | 'connected'
    | 'nodes'
    | 'openLink'
    | 'freeSessions'
    | 'ownerGroupOf'
    | 'addContributions'
    | 'secret'
  > {
  readonly dataDirectory: string;
  readonly database: Database;
  readonly ledger: Ledger;
  /** The log's name. */
  readonly origin: string;
  readonly publishBooks: () => Promise<void>;
}

export interface OpenedGroove {
  readonly desk: LiveDesk;
  readonly store: GrooveStore;
}

/** Live rounds of groove over a studio's parts. */
export async function openGroove(parts: GrooveParts): Promise<OpenedGroove> {
  const { dataDirectory, database, ledger, origin, nowUs, secret, publishBooks } = parts;
  const publicDirectory = join(dataDirectory, 'public');
  const store = await GrooveStore.open(database);
  const witnesses = witnessKeys(dataDirectory);
  const draws = new DrawDesk({
    store,
    ledger,
    beacons: new BeaconFiles(directoryFiles(join(publicDirectory, PUBLIC.log)), origin),
    secret,
    witnesses,
    quorum: WITNESS_QUORUM,
    nowUs,
    publish: publishBooks,
  });
  const desk = await LiveDesk.open({
    ...parts,
    store,
    draws,
    journal: new RoundJournal(publicDirectory),
    verify: platformVerifySignature,
    onFailure: tellOnce('live rounds'),
  });
  return { desk, store };
}
