import type { Schema } from '@jamnet/sql';
import { PAYEE_FILE_STEPS } from './payee-files/payee-file-table.ts';
import { PAYOUT_STEPS } from './payouts/payout-table.ts';
import { PERK_STEPS } from './perks/perk-tables.ts';
import { REPORT_STEPS } from './reports/display-names.ts';
import { MIGRATIONS } from './tables.ts';

/** The economy's tables, in the order in which they are made. */
export const ECONOMY_SCHEMAS: readonly Schema[] = [
  { store: 'economy', steps: MIGRATIONS },
  { store: 'economy_perks', steps: PERK_STEPS },
  { store: 'economy_reports', steps: REPORT_STEPS },
  { store: 'economy_payee_files', steps: PAYEE_FILE_STEPS },
  { store: 'economy_payouts', steps: PAYOUT_STEPS },
];
