import { openDatabase } from '@jamnet/sql';
import { type Ledger, openLedger } from './ledger.ts';

/** The ledger of a data directory (or of PostgreSQL by URL) by itself, for commands that need nothing else of a studio. */
export async function openBooks(options: {
  directory: string;
  databaseUrl?: string | undefined;
}): Promise<{ ledger: Ledger; close(): Promise<void> }> {
  const database = openDatabase(options);
  try {
    return { ledger: await openLedger(database), close: () => database.close() };
  } catch (cause) {
    await database.close();
    throw cause;
  }
}
