/** Names that mean the studio's own machine: there the command finds the studio by itself. */
const HERE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What to type on the machine that is to work for the account, in a checkout of JAMNet. */
export function pairCommand(code: string, page: Pick<Location, 'protocol' | 'host' | 'hostname'>): string {
  const command = `npm run jamnet -- node pair ${code}`;
  if (HERE.has(page.hostname)) return command;
  return `${command} --url ${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/mesh`;
}
