/** An account of a forge, and which of its addresses this is. */
export interface ForgeAccount {
  readonly host: string;
  readonly name: string;
}

/**
 * The account for which a forge made an address that hides the real one; `null` for all others: whoever has an account may
 * commit under anybody's address, so keys of an account speak for no other address than the forge's own.
 *
 * GitHub `ID+NAME@users.noreply.github.com`, before 2017 without the number (docs.github.com, "Email addresses reference");
 * GitLab `ID-NAME@users.noreply.HOST` (docs.gitlab.com, "Use an automatically-generated private commit email"); Forgejo and Gitea
 * `NAME@noreply.HOST` (their setting NO_REPLY_ADDRESS).
 */
export function forgeAccountOf(email: string): ForgeAccount | null {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  const [, users, host = ''] = /^(users\.)?noreply\.([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/.exec(domain) ?? [];
  if (host === '') return null;
  const name = users === undefined ? local : local.replace(host === 'github.com' ? /^\d+\+/ : /^\d+-/, '');
  return /^[\w.-]{1,100}$/.test(name) && !name.startsWith('.') ? { host, name } : null;
}

/** Where the forge publishes the account's keys: SSH keys one a line, or armoured OpenPGP keys. */
export function keysAddressOf({ host, name }: ForgeAccount, kind: 'keys' | 'gpg'): string {
  return `https://${host}/${name}.${kind}`;
}
