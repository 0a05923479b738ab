import { type Chance, present } from '@jamnet/base';
import { type Economy, openEconomy, openPayouts, type Payouts, type Rail } from '@jamnet/economy';
import { COMPUTE_METER, platformSha256, platformVerifySignature } from '@jamnet/jamnode';
import { type Ledger, nativeSigner, openLedger, TransparencyLog } from '@jamnet/ledger';
import { Catalogue, Coordinator, type CoordinatorParts, type MeshStore } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { partsFor } from '@jamnet/mesh/testing';
import type { SqliteHandle } from '@jamnet/sql';
import type { CrashingFiles } from '../ledger/crashing-files.ts';
import type { FailingDatabase, OverStatement } from './failing-database.ts';
import type { SimBank } from './sim-bank.ts';

/** The kind of all simulated tasks. */
export const SCALE_KIND = 'test.scale';
const ORIGIN = 'simulation.invalid/log';
const signer = nativeSigner(ORIGIN, new Uint8Array(32).fill(7));

/** Stands between real parts and those who use them; tests plant faults with it, and nothing else does. */
export interface Between {
  readonly statement?: OverStatement;
  readonly ledger?: (real: Ledger) => Ledger;
  readonly coordinator?: (real: Coordinator) => Coordinator;
  readonly store?: (real: MeshStore) => MeshStore;
  readonly economy?: (real: Economy) => Economy;
  readonly payouts?: (real: Payouts) => Payouts;
  readonly rail?: (real: Rail) => Rail;
}

/** A studio's process: the real parts over one database. */
export interface StudioProcess {
  readonly database: SqliteHandle;
  readonly coordinator: Coordinator;
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly economy: Economy;
  readonly payouts: Payouts;
}

export interface StudioParts {
  readonly seed: string;
  readonly database: FailingDatabase;
  readonly files: CrashingFiles;
  readonly bank: SimBank;
  /** Names the rows of public files, as chance does in a studio. */
  readonly rowKeys: Chance;
  readonly between: Between;
}

/** Starts over whatever the database and the log's files hold. */
export async function startStudio(parts: StudioParts): Promise<StudioProcess> {
  const { between, bank, files, rowKeys } = parts;
  files.restart();
  const database = await parts.database.restart();
  const realLedger = await openLedger(database);
  const ledger = between.ledger?.(realLedger) ?? realLedger;
  const realStore = await openMeshStore(database);
  const store = between.store?.(realStore) ?? realStore;
  const drawKey = (): Uint8Array => Uint8Array.from({ length: 32 }, () => rowKeys.below(256));
  const realEconomy = await openEconomy(database, ledger, { drawKey });
  const rail = between.rail?.(bank) ?? bank;
  const realPayouts = await openPayouts(database, ledger, {
    rails: [{ rail, from: bank.accountOf('p000000000000'), rate: { numerator: 1n, denominator: 1n } }],
    destinationOf: async (payee) => ({ ok: true, value: bank.accountOf(payee) }),
  });
  const realCoordinator = new Coordinator(coordinatorParts(parts.seed), store);
  return {
    database,
    ledger,
    coordinator: between.coordinator?.(realCoordinator) ?? realCoordinator,
    log: new TransparencyLog({ ledger, origin: ORIGIN, signer, files }),
    economy: between.economy?.(realEconomy) ?? realEconomy,
    payouts: between.payouts?.(realPayouts) ?? realPayouts,
  };
}

/** The real policies of trust and dispatch; one kind of the tests' own, which every host can compute, under the studio's meter. */
export function coordinatorParts(seed: string): CoordinatorParts {
  const parts = partsFor({ seed });
  const entry = { ...present(parts.catalogue.find(SCALE_KIND, 1), 'the kind'), meter: COMPUTE_METER };
  return {
    ...parts,
    catalogue: new Catalogue([entry]),
    sha256: platformSha256,
    verifySignature: platformVerifySignature,
  };
}
