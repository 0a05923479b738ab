import {
  ALLOWED_KEYS_PATH,
  ALLOWED_SIGNERS_PATH,
  CLAIM_PATH,
  enterIdentity,
  forgeAccountOf,
  type IdentityEntry,
  type IdentityRequest,
  keysAddressOf,
  readIdentities,
  SIGNATURE_NAMESPACE,
  studioIdOf,
  verifyAccount,
  verifyClaimFile,
  verifySignature,
} from '@jamnet/attribution';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface IdentityOptions {
  data: string;
  email?: string;
  packages?: string;
  payee: string;
  repo: string;
  signature?: string;
  accountKeys?: string;
  committed?: string | true;
  json?: boolean;
}

/** Who is paid for which e-mail address of commits: claimed, merged and un-merged by signature, kept in a journal. */
export function addIdentityCommand(program: Command, context: CommandContext): void {
  const identity = program
    .command('identity')
    .description(
      'claim what the commits of an e-mail address or a repository’s packages earn, or let go of it',
    );
  identity.addHelpText(
    'after',
    `\nExamples:\n  jamnet identity claim --email ada@example.org --payee p0123456789abcdef0123456789abcdef > challenge\n  ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n ${SIGNATURE_NAMESPACE} challenge\n  jamnet identity claim --email ada@example.org --payee p0123456789abcdef0123456789abcdef --signature challenge.sig\n  gpg --armor --detach-sign challenge\n  curl https://github.com/ada.keys > ada.keys\n  jamnet identity claim --email 12+ada@users.noreply.github.com --payee p0123456789abcdef0123456789abcdef --signature challenge.sig --account-keys ada.keys\n  jamnet identity claim --packages codeberg.org/ada/mill --payee p0123456789abcdef0123456789abcdef > ${CLAIM_PATH}\n  jamnet identity claim --packages codeberg.org/ada/mill --payee p0123456789abcdef0123456789abcdef --committed\n  jamnet identity list --json`,
  );
  const texts = {
    claim: 'have an address paid to a payee; two addresses of one payee are merged by that',
    release: 'let go of an address: what it earns from now on waits in escrow again',
  };
  for (const kind of ['claim', 'release'] as const) {
    identity
      .command(kind)
      .description(texts[kind])
      .option('--email <address>', 'as it stands in commits')
      .option(
        '--packages <repository>',
        'instead: host/owner/name of the repository of packages, as attribute shows it',
      )
      .requiredOption('--payee <id>', 'p and 32 hex digits')
      .option('--signature <file>', 'signed challenge; without it the challenge is printed')
      .option(
        '--account-keys <file>',
        'for an address that a forge made for an account: what https://HOST/NAME.keys (or .gpg) says, in place of --repo',
      )
      .option(
        '--committed [address]',
        `the challenge is committed as ${CLAIM_PATH} in the packages’ repository (default: https)`,
      )
      .option(
        '--repo <dir>',
        `repository whose ${ALLOWED_SIGNERS_PATH} or ${ALLOWED_KEYS_PATH} lists the key`,
        context.checkout,
      )
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
  const { data } = options;
  const request = requestOf(kind, options);
  const journal = orEnd(readIdentities(data));
  const challenge = orEnd(journal.challenge(request, studioIdOf(data)), EXIT.usage);
  const proof = 'packages' in request ? options.committed : options.signature;
  if (proof === undefined) {
    if (options.json) print(context, true, { challenge, namespace: SIGNATURE_NAMESPACE }, () => '');
    else context.stdout.write(challenge);
    tellWhereKeysAre(context, request);
    return;
  }
  const key =
    'packages' in request
      ? `git:${orEnd(await verifyClaimFile(proof === true ? `https://${request.packages}` : proof, challenge))}`
      : orEnd(await verifySigned(request.email, challenge, options));
  const atUs = BigInt(Date.now()) * 1000n;
  const entry = orEnd(enterIdentity(data, request, { atUs, key }));
  print(context, options.json, entry, () => entryText(entry));
}

function requestOf(kind: IdentityRequest['kind'], options: IdentityOptions): IdentityRequest {
  const { email, packages, payee, signature, committed, accountKeys } = options;
  if (packages !== undefined && (email ?? signature ?? accountKeys) === undefined)
    return { kind, packages, payee };
  const isProven = accountKeys === undefined || signature !== undefined;
  if (email !== undefined && (packages ?? committed) === undefined && isProven) return { kind, email, payee };
  throw new CommandError(
    'options-exclusive',
    'Give either --email (shown by --signature, and by --account-keys for an address of a forge) or --packages (shown by --committed).',
    EXIT.usage,
  );
}

function verifySigned(email: string, challenge: string, options: IdentityOptions) {
  const { repo, accountKeys } = options;
  const signed = { email, challenge, signature: readText(options.signature ?? '') };
  return accountKeys === undefined
    ? verifySignature({ ...signed, repoDirectory: repo })
    : verifyAccount({ ...signed, publishedKeys: readText(accountKeys) });
}

/** On the side of what is signed: an account's keys show an address that no repository lists. */
function tellWhereKeysAre({ stderr }: CommandContext, request: IdentityRequest): void {
  const account = 'packages' in request ? null : forgeAccountOf(request.email);
  if (account === null) return;
  const [ssh, gpg] = [keysAddressOf(account, 'keys'), keysAddressOf(account, 'gpg')];
  stderr.write(
    `Sign this with a key of ${account.host}/${account.name}, and give --account-keys a file of what ${ssh} says (for gpg ${gpg}).\n`,
  );
}

function entryText({ kind, person, packages, payee, atUs, key }: IdentityEntry): string {
  const day = new Date(Number(BigInt(atUs) / 1000n)).toISOString().slice(0, 10);
  return `${day}  ${kind.padEnd(7)}  ${packages ?? person} → ${payee}  by ${key}`;
}
