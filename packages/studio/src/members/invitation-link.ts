import type { AccountDesk } from '@jamnet/accounts';

/** Where an invited person makes their account. What is behind # never reaches a server's log. */
export function invitationPath(token: string): string {
  return `/account/#join=${token}`;
}

/** A link that makes the studio's first operator; null when it has one. `url` is the studio's address. */
export async function firstOperatorLink(accounts: AccountDesk, url: string): Promise<string | null> {
  const token = await accounts.inviteFirstOperator();
  if (token === null) return null;
  const page = new URL(invitationPath(token), url);
  // Passkeys are kept under names, and this machine's is localhost.
  if (['127.0.0.1', '[::1]'].includes(page.hostname)) page.hostname = 'localhost';
  return page.href;
}
