import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';
import { type Economy, openEconomy } from './open-economy.ts';

/** The economy of a data directory, for tools that work while no studio runs on it: one process at a time may write. */
export async function openEconomyDirectory(options: {
  directory: string;
  databaseUrl?: string | undefined;
}): Promise<{ economy: Economy; close(): Promise<void> }> {
  const database = openDatabase(options);
  try {
    const economy = await openEconomy(database, await openLedger(database));
    return { economy, close: () => database.close() };
  } catch (cause) {
    await database.close();
    throw cause;
  }
}
