import { diffPolicies, type Policy, parsePolicy, policySha256 } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { withEconomy } from '../economy/open-economy-here.ts';
import { readJson } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface PolicyOptions {
  data: string;
  json?: boolean;
}

export function addPolicyCommand(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('check, compare and publish the rules of an epoch');
  policy.addHelpText(
    'after',
    '\nExamples:\n  jamnet policy check policy.json\n  jamnet policy diff old.json new.json\n  jamnet policy diff new.json\n  jamnet policy publish policy.json',
  );
  const add = (name: string, description: string): Command =>
    policy
      .command(name)
      .description(description)
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  add('check', 'schema and sense of a policy, and its hash')
    .argument('<file>', 'JSON; - is the standard input')
    .action((file: string, options: PolicyOptions) => {
      const checked = read(file);
      const sha256 = policySha256(checked);
      const { name, version } = checked;
      print(
        context,
        options.json,
        { ok: true, name, version, sha256 },
        () => `${name}, version ${version}, is valid.\nSHA-256 ${sha256}`,
      );
    });
  add('diff', 'what changes from one policy to another, or from the published one')
    .argument('<files...>', 'before and after; with one file, the published policy is before')
    .action(async (files: string[], options: PolicyOptions) => {
      const [first, second, ...more] = files;
      if (first === undefined || more.length > 0)
        throw new CommandError('option-invalid', 'Name one or two files.', EXIT.usage);
      const after = read(second ?? first);
      const before = second === undefined ? await published(context, options.data) : read(first);
      const changes = diffPolicies(before, after);
      print(context, options.json, { changes }, () =>
        changes.length === 0
          ? 'The same.'
          : changes
              .map((change) => `${change.path}: ${change.before ?? '(none)'} → ${change.after ?? '(none)'}`)
              .join('\n'),
      );
    });
  add('publish', 'put a policy’s hash into the log; it governs epochs that begin after that')
    .argument('<file>', 'JSON; - is the standard input')
    .action(async (file: string, options: PolicyOptions) => {
      const document = read(file);
      await withEconomy(context, options.data, async (economy) => {
        const { sha256, publishedAtUs } = orEnd(
          await economy.publishPolicy(BigInt(Date.now()) * 1_000n, document),
        );
        print(context, options.json, { sha256, publishedAtUs }, () => `Published. SHA-256 ${sha256}`);
      });
    });
}

function read(file: string): Policy {
  return orEnd(parsePolicy(readJson(file)), EXIT.usage);
}

function published(context: CommandContext, directory: string): Promise<Policy> {
  return withEconomy(context, directory, async (economy) => {
    const found = await economy.policy();
    if (!found)
      throw new CommandError('no-policy', 'No policy is published yet: name two files.', EXIT.refused);
    return found.policy;
  });
}
