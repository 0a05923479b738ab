import { type CapTable, CapTableBuilder } from '../../core/cap-table/cap-table.ts';
import { type JournalLeaf, movementsOf, studioMovementOf } from '../../core/reports/movements.ts';
import { valuations } from '../intake/valuations.ts';
import type { ReportContext } from './report-reader.ts';
import { walkJournal } from './walk-journal.ts';

/** The whole cap table from the journal: who was given units, what went back, how large the pool was when. */
export async function readCapTable({ tables, ledger }: ReportContext): Promise<CapTable> {
  const builder = new CapTableBuilder();
  let asOfUs = 0n;
  await walkJournal(ledger, 0n, ({ leaf }) => {
    asOfUs = leaf.acceptedAtUs;
    addLeaf(builder, leaf);
  });
  const known = await valuations(tables);
  return builder.table(asOfUs, known.reverse());
}

function addLeaf(builder: CapTableBuilder, leaf: JournalLeaf): void {
  const { authorisedMicroJam } = studioMovementOf(leaf);
  if (leaf.type === 'entry' && authorisedMicroJam !== 0n)
    builder.addPool(leaf.key, authorisedMicroJam, leaf.acceptedAtUs);
  for (const movement of movementsOf(leaf)) builder.addMovement(movement);
}
