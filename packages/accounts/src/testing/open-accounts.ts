import type { Database } from '@jamnet/sql';
import { AccountDesk } from '../account-desk.ts';
import type { AuthSettings } from '../make-auth.ts';
import { BrowserOfMember } from './browser-of-member.ts';

export const ORIGIN = 'http://localhost:8440';
export const SETTINGS: AuthSettings = {
  relyingPartyId: 'localhost',
  hosts: ['localhost:*'],
  secret: 'a secret of a test, as long as cookies want it',
  isSecure: false,
  onFault: (message) => {
    throw new Error(message);
  },
};

/** A browser that asks the desk itself. */
export class DeskBrowser extends BrowserOfMember {
  readonly #desk: AccountDesk;

  constructor(desk: AccountDesk) {
    super({ origin: ORIGIN, answer: (request) => desk.answer(request) });
    this.#desk = desk;
  }

  /** Makes the account that the link is for, under this name; answers the last reply. */
  async accept(token: string, name: string) {
    const named = await this.#desk.nameInvited(token, name);
    if (!named.ok) return { status: 422, body: { code: named.code } as Record<string, unknown> };
    return this.addPasskey(token);
  }
}

/** A desk over a fresh database, whose invitations go by a clock that the test moves. */
export async function openAccounts(openFresh: () => Promise<{ database: Database }>) {
  const clock = { nowUs: BigInt(Date.now()) * 1000n };
  const { database } = await openFresh();
  const desk = await AccountDesk.open(database, SETTINGS, () => clock.nowUs);
  return { desk, clock, database };
}

export async function tokenOf(desk: AccountDesk, role = 'member'): Promise<string> {
  const invited = await desk.invite(role);
  if (!invited.ok) throw new Error(invited.message);
  return invited.value;
}

/** A member who has just signed in. */
export async function joinAs(desk: AccountDesk, role: string, name: string) {
  const browser = new DeskBrowser(desk);
  await browser.accept(await tokenOf(desk, role), name);
  const asker = await desk.signedIn(browser.headers);
  if (asker === null) throw new Error(`${name} is not signed in`);
  return { browser, id: asker.memberId };
}
