import {
  type AuditedEpoch,
  type AuditedLeaf,
  auditEpoch,
  type PublicEpoch,
  parsePublicEpoch,
} from '@jamnet/economy';
import { hold } from '../scale-broken.ts';
import type { StudioProcess } from '../studio-process.ts';
import { rowsOf } from './rows-of.ts';

/** Each closed epoch recomputed from its public file and the log, as a stranger would; what is stored as paid sums to it. */
export async function checkEpochs(
  { economy, database }: StudioProcess,
  leaves: readonly AuditedLeaf[],
): Promise<readonly AuditedEpoch[]> {
  const stored = new Map<string, { readonly micro_jam: bigint; readonly cents: bigint }>();
  const sums =
    'SELECT epoch_id, sum(micro_jam) AS micro_jam, sum(cents) AS cents FROM economy_payment GROUP BY epoch_id';
  for (const row of rowsOf<{ epoch_id: string; micro_jam: bigint; cents: bigint }>(database, sums))
    stored.set(row.epoch_id, row);
  const audited: AuditedEpoch[] = [];
  let previous: PublicEpoch | undefined;
  for (const { epochId, content } of await economy.publicEpochs()) {
    const epoch = parsePublicEpoch(JSON.parse(content));
    hold('epochs', epoch.ok, () => `the public file of ${epochId} is malformed`);
    const audit = auditEpoch(epoch.value, leaves, previous);
    hold('epochs', audit.ok, () => `${epochId}: ${audit.ok ? '' : `${audit.code}: ${audit.message}`}`);
    const { micro_jam = 0n, cents = 0n } = stored.get(epochId) ?? {};
    const agrees = micro_jam === audit.value.issuedMicroJam && cents === audit.value.cashCents;
    hold('epochs', agrees, () => `${epochId} stored payments of ${micro_jam} µJAM and ${cents} cents`);
    audited.push(audit.value);
    previous = epoch.value;
  }
  hold('epochs', audited.length > 0, () => 'no epoch was closed');
  return audited;
}
