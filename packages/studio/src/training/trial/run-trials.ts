import type { AccountDesk } from '@jamnet/accounts';
import type { Economy } from '@jamnet/economy';
import type { ListeningDesk } from '../../listening/listening-desk.ts';

/** How often deadlines are looked at: they are days. */
const LOOK_MS = 60_000;

/** Decides on candidates whose time is over until the returned function is called. */
export function runTrials(
  desk: Pick<ListeningDesk, 'settleTrials'>,
  onFailure: (error: unknown) => void,
): () => void {
  const look = (): void => void desk.settleTrials().catch(onFailure);
  look();
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** Owner groups of all who have the role curator now. */
export async function curatorGroups(
  accounts: Pick<AccountDesk, 'members' | 'member'>,
  economy: Pick<Economy, 'ownerGroupOf'>,
): Promise<readonly string[]> {
  const curators = (await accounts.members()).filter(({ role }) => role === 'curator');
  const groups = await Promise.all(
    curators.map(async ({ id }) => {
      const payee = (await accounts.member(id))?.payee;
      return payee === undefined ? [] : [(await economy.ownerGroupOf(payee)) ?? payee];
    }),
  );
  return groups.flat();
}
