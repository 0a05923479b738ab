import {
  enterIdentity,
  type IdentityEntry,
  type IdentityRequest,
  readIdentities,
  SIGNATURE_NAMESPACE,
  studioIdOf,
  verifySignature,
} from '@jamnet/attribution';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { readText } from '../economy/read-text.ts';
import { EXIT } from '../exit-codes.ts';

interface IdentityOptions {
  data: string;
  email: string;
  payee: string;
  repo: string;
  signature?: string;
  json?: boolean;
}

/** Who is paid for which e-mail address of commits: claimed, merged and un-merged by signature, kept in a journal. */
export function addIdentityCommand(program: Command, context: CommandContext): void {
  const identity = program
    .command('identity')
    .description('claim what the commits of an e-mail address earn, or let go of it');
  identity.addHelpText(
    'after',
    `\nExamples:\n  jamnet identity claim --email ada@example.org --payee p0123456789abcdef0123456789abcdef > challenge\n  ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n ${SIGNATURE_NAMESPACE} challenge\n  jamnet identity claim --email ada@example.org --payee p0123456789abcdef0123456789abcdef --signature challenge.sig\n  jamnet identity list --json`,
  );
  const texts = {
    claim: 'have an address paid to a payee; two addresses of one payee are merged by that',
    release: 'let go of an address: what it earns from now on waits in escrow again',
  };
  for (const kind of ['claim', 'release'] as const) {
    identity
      .command(kind)
      .description(texts[kind])
      .requiredOption('--email <address>', 'as it stands in commits, after .mailmap')
      .requiredOption('--payee <id>', 'p and 32 hex digits')
      .option('--signature <file>', 'signed challenge; without it the challenge is printed')
      .option('--repo <dir>', 'repository whose .allowed_signers lists the key', context.checkout)
      .option('--data <dir>', 'data directory', context.dataDirectory)
      .option('--json', 'one JSON object on stdout')
      .action((options: IdentityOptions) => run(context, kind, options));
  }
  identity
    .command('list')
    .description('the journal: who claimed and released what, when')
    .option('--data <dir>', 'data directory', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .action((options: IdentityOptions) => {
      const { entries } = orEnd(readIdentities(options.data));
      print(context, options.json, { entries }, () =>
        entries.length === 0 ? 'Nobody has claimed anything.' : entries.map(entryText).join('\n'),
      );
    });
}

async function run(
  context: CommandContext,
  kind: IdentityRequest['kind'],
  options: IdentityOptions,
): Promise<void> {
  const { data, email, payee } = options;
  const request = { kind, email, payee };
  const journal = orEnd(readIdentities(data));
  const challenge = orEnd(journal.challenge(request, studioIdOf(data)), EXIT.usage);
  if (options.signature === undefined) {
    if (options.json) print(context, true, { challenge, namespace: SIGNATURE_NAMESPACE }, () => '');
    else context.stdout.write(challenge);
    return;
  }
  const signature = readText(options.signature);
  const key = orEnd(await verifySignature({ repoDirectory: options.repo, email, challenge, signature }));
  const atUs = BigInt(Date.now()) * 1000n;
  const entry = orEnd(enterIdentity(data, request, { atUs, key }));
  print(context, options.json, entry, () => entryText(entry));
}

function entryText({ kind, person, payee, atUs, key }: IdentityEntry): string {
  const day = new Date(Number(BigInt(atUs) / 1000n)).toISOString().slice(0, 10);
  return `${day}  ${kind.padEnd(7)}  ${person} → ${payee}  by ${key}`;
}
