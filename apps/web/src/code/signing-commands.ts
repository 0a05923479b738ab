/** How a challenge is put into a file and signed there. Its lines hold no quote: the studio's alphabet has none. */
export function signingCommands(
  challenge: string,
  namespace: string,
): { readonly ssh: string; readonly gpg: string } {
  const put = `cat > challenge <<'END'\n${challenge}END\n`;
  return {
    ssh: `${put}ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n ${namespace} challenge\ncat challenge.sig`,
    gpg: `${put}gpg --armor --detach-sign challenge\ncat challenge.asc`,
  };
}

/** The line that a repository's list of keys needs (ssh-keygen(1), ALLOWED SIGNERS). */
export function signersLine(email: string, namespace: string): string {
  return `${email} namespaces="${namespace}" ssh-ed25519 AAAA…`;
}
