import { ACCOUNT_STEPS } from '@jamnet/accounts';
import { ECONOMY_SCHEMAS } from '@jamnet/economy/schemas';
import { ledgerSchema } from '@jamnet/ledger';
import { MESH_STEPS } from '@jamnet/mesh/store';
import { type Database, type Schema, schemaStates } from '@jamnet/sql';
import { ACT_MIGRATIONS } from '../acts/act-tables.ts';
import { GOVERNANCE_MIGRATIONS } from '../governance/governance-tables.ts';
import { GROOVE_MIGRATIONS } from '../groove/live/groove-tables.ts';
import { KEYED_ANSWER_STEPS } from '../http/idempotency/keyed-answers.ts';
import { LISTENING_MIGRATIONS } from '../listening/listening-tables.ts';
import { PAIRING_MIGRATIONS } from '../mesh/pairing/pairing-tables.ts';
import { MUSIC_MIGRATIONS } from '../music/music-memory.ts';
import { WORTH_MIGRATIONS } from '../music/worth-tables.ts';

/** Stores whose tables are made when they are first used: payees' files and payouts, where a studio pays cash. */
const MADE_ON_USE: ReadonlySet<string> = new Set(['economy_payee_files', 'economy_payouts']);

/** The stores that this database has or that a start makes. */
export async function schemasOf(database: Database): Promise<readonly Schema[]> {
  const schemas = studioSchemas(database.engine);
  const unused = (await schemaStates(database, schemas))
    .filter(({ store, done, unknown }) => MADE_ON_USE.has(store) && done.length + unknown.length === 0)
    .map(({ store }) => store);
  return schemas.filter(({ store }) => !unused.includes(store));
}

/** All tables of a studio's database, in the order in which they are brought up to date. */
export function studioSchemas(engine: Database['engine']): readonly Schema[] {
  return [
    ledgerSchema(engine),
    ...ECONOMY_SCHEMAS,
    { store: 'mesh', steps: MESH_STEPS },
    { store: 'account', steps: ACCOUNT_STEPS },
    { store: 'acts', steps: ACT_MIGRATIONS },
    { store: 'governance', steps: GOVERNANCE_MIGRATIONS },
    { store: 'groove', steps: GROOVE_MIGRATIONS },
    { store: 'http_keyed_answers', steps: KEYED_ANSWER_STEPS },
    { store: 'listening', steps: LISTENING_MIGRATIONS },
    { store: 'music', steps: MUSIC_MIGRATIONS },
    { store: 'pairing', steps: PAIRING_MIGRATIONS },
    { store: 'worth', steps: WORTH_MIGRATIONS },
  ];
}
