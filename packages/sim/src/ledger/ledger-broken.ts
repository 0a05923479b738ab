/** What a simulation found: a broken promise of the ledger. */
export class LedgerBroken extends Error {
  override readonly name = 'LedgerBroken';
}
