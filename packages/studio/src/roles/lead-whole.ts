import { Failure } from '@jamnet/base';
import { type Database, type Lead, takeLead } from '@jamnet/sql';
import { isApart, type Role } from './roles.ts';

/** So long a studio that is started anew waits for the end of the one before. */
const WAIT_MS = 10_000;

/**
 * A process with all roles keeps takes, bank files and more in its own files, which another would not see: a payment could be handed
 * to the bank twice. So at most one is on a database. Throws `another-process-leads`.
 */
export async function leadWhole(
  database: Database,
  roles: readonly Role[],
  waitMs = WAIT_MS,
): Promise<Pick<Lead, 'release'>> {
  if (isApart(roles)) return { release: async () => undefined };
  const lead = await takeLead(
    database,
    {
      store: 'economy',
      name: 'whole-studio',
      busy: 'Another process with all roles is on this database: stop it, or start both with some of the roles (jamnet up --roles).',
    },
    { waitMs },
  );
  if (!lead.ok) throw new Failure(lead.code, lead.message);
  return lead.value;
}
