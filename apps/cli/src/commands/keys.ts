import {
  type KeyState,
  listKeys,
  RING_PURPOSES,
  type RingPurpose,
  retireKeys,
  rotateKey,
} from '@jamnet/studio/operations';
import { Argument, type Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';

interface KeysOptions {
  data: string;
  json?: boolean;
}

export function addKeysCommand(program: Command, context: CommandContext): void {
  const keys = program
    .command('keys')
    .description("the keys that a studio's log and task catalogue are signed with, and how they are changed")
    .addHelpText(
      'after',
      '\nA change of the log\'s key: stop the studio, "jamnet keys rotate log", start it. Both keys sign from then on. Give the new key to\nwitnesses and readers, then stop, "jamnet keys retire log", start. Readers who only know the old key follow the signed change in\npublic/log/keys.json; after a theft tell everybody the new key by another way, for a thief can sign such a change too.\n\nA node\'s own key is changed by pairing it anew ("jamnet node pair"); what it earned stays with its owner, trust begins anew.\nSeveral machines on one database: stop all, rotate on one, copy its keys/ to the others. All of it: docs/operations/keys.md.',
    );
  const purpose = () => new Argument('<purpose>', 'whose key').choices(RING_PURPOSES);
  const withData = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  withData(keys.command('list', { isDefault: true }).description('public keys in use'))
    .addHelpText('after', '\nExample:\n  jamnet keys list --data /var/lib/jamnet')
    .action((options: KeysOptions) => {
      const states = orEnd(listKeys(options.data));
      print(context, options.json, { keys: states }, () => states.map(textOf).join('\n'));
    });

  withData(
    keys
      .command('rotate')
      .description('make a new key; it signs from the next start on')
      .addArgument(purpose()),
  )
    .addHelpText('after', '\nExample:\n  jamnet keys rotate log --data /var/lib/jamnet')
    .action((which: RingPurpose, options: KeysOptions) => {
      const state = orEnd(rotateKey(options.data, which, BigInt(Date.now()) * 1000n));
      print(context, options.json, state, () => `${textOf(state)}\n${NEXT[which]}`);
    });

  withData(
    keys
      .command('retire')
      .description('let earlier keys of the log sign no more, and destroy them')
      .addArgument(purpose()),
  )
    .addHelpText('after', '\nExample:\n  jamnet keys retire log --data /var/lib/jamnet')
    .action((which: RingPurpose, options: KeysOptions) => {
      const state = orEnd(retireKeys(options.data, which));
      print(context, options.json, state, () => textOf(state));
    });
}

const NEXT: Readonly<Record<RingPurpose, string>> = {
  log: 'Start the studio: both keys sign. Make a backup, for the old one does not hold the new key. Give the new key to witnesses (jamnet ledger witness --log …) and readers, then "jamnet keys retire log".',
  catalogue:
    'Start the studio: nodes take the new key when they connect. Make a backup, for the old one does not hold the new key.',
};

function textOf({ purpose, generation, publicKey, besides }: KeyState): string {
  const lines = [`${purpose}  key ${generation}  ${publicKey}`];
  for (const key of besides) lines.push(`${' '.repeat(purpose.length)}  still signs  ${key}`);
  return lines.join('\n');
}
