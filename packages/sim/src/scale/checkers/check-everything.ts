import type { ScaleWorld } from '../scale-world.ts';
import { checkContributions } from './check-contributions.ts';
import { checkEpochs } from './check-epochs.ts';
import { checkLedger } from './check-ledger.ts';
import { checkLog } from './check-log.ts';
import { checkMesh, type MeshFigures } from './check-mesh.ts';
import { checkMoney } from './check-money.ts';
import { checkPayouts, type PayoutFigures } from './check-payouts.ts';

export interface ScaleFigures extends MeshFigures, PayoutFigures {
  /** Leaves of the journal, all of them published. */
  readonly leaves: number;
  /** Checkpoints that a reader could have seen, each a prefix of the last. */
  readonly checkpoints: number;
  readonly contributions: number;
  readonly receipts: number;
  readonly revenueCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly redeemedCents: bigint;
}

/** Every promise of every package, after all faults have been healed. Throws `ScaleBroken`, named by its checker. */
export async function checkEverything(world: ScaleWorld): Promise<ScaleFigures> {
  const { studio, known, files } = world;
  const books = await checkLedger(studio, known.checkpoints);
  await checkLog(studio, files);
  const mesh = await checkMesh(studio, known);
  const { contributions } = checkContributions(studio, known, mesh.releasedUnits);
  const epochs = await checkEpochs(studio, books.audited);
  const money = checkMoney(studio, known, books.balances, epochs);
  const payouts = checkPayouts(studio, known, world.bank);
  const { releasedUnits: _, ...meshFigures } = mesh;
  return {
    ...meshFigures,
    ...payouts,
    leaves: books.leaves,
    checkpoints: known.checkpoints.length,
    contributions,
    receipts: known.receipts.size,
    revenueCents: epochs.reduce((sum, { revenueCents }) => sum + revenueCents, 0n),
    issuedMicroJam: epochs.reduce((sum, { issuedMicroJam }) => sum + issuedMicroJam, 0n),
    redeemedCents: money.redeemedCents,
  };
}
