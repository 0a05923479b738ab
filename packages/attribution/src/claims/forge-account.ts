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
  const [, name = ''] = (users === undefined ? plainForm(host) : usersForm(host)).exec(local) ?? [];
  return host !== '' && name !== '' && !name.startsWith('.') ? { host, name } : null;
}

/** GitLab always puts the number before the name. */
function usersForm(host: string): RegExp {
  return host === 'github.com' ? /^(?:\d+\+)?([\w.-]{1,100})$/ : /^\d+-([\w.-]{1,100})$/;
}

/** GitHub and GitLab make no such address: what stands there is no account of theirs. */
function plainForm(host: string): RegExp {
  return ['github.com', 'gitlab.com'].includes(host) ? /^()$/ : /^([\w.-]{1,100})$/;
}

/** Where the forge publishes the account's keys: SSH keys one a line, or armoured OpenPGP keys. */
export function keysAddressOf({ host, name }: ForgeAccount, kind: 'keys' | 'gpg'): string {
  return `https://${host}/${name}.${kind}`;
}
