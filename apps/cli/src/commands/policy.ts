import { diffPolicies, type Policy, parsePolicy, policySha256, templatePolicy } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { askDesk } from '../economy/ask-desk.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { readJson } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { accessStudio } from '../studio-access.ts';

export function addPolicyCommand(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('check, compare and publish the rules of an epoch');
  policy.addHelpText(
    'after',
    '\nExamples:\n  jamnet policy template > policy.json\n  jamnet policy check policy.json\n  jamnet policy diff old.json new.json\n  jamnet policy diff new.json\n  jamnet policy publish policy.json',
  );
  const add = (name: string, description: string): Command =>
    policy
      .command(name)
      .description(description)
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  policy
    .command('template')
    .description(
      'a complete policy to start from: calendar months, card refund windows, every optional member',
    )
    .action(() => {
      context.stdout.write(`${JSON.stringify(templatePolicy(), null, 2)}\n`);
    });
  add('check', 'schema and sense of a policy, and its hash')
    .argument('<file>', 'JSON; - is the standard input')
    .action((file: string, options: AskOptions) => {
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
    .action(async (files: string[], options: AskOptions) => {
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
    .action(async (file: string, options: AskOptions) => {
      const document = read(file);
      await askDesk<{ sha256: string; governsFrom: string }>(
        context,
        options,
        (desk) => desk.publishPolicy(document),
        ({ sha256, governsFrom }) => `Published. SHA-256 ${sha256}\nIt governs from ${governsFrom}.`,
      );
    });
}

function read(file: string): Policy {
  return orEnd(parsePolicy(readJson(file)), EXIT.usage);
}

async function published(context: CommandContext, directory: string): Promise<Policy> {
  const studio = await accessStudio(context, directory);
  try {
    const answer = orEnd(await studio.desk.policy()) as { policy: unknown };
    return orEnd(parsePolicy(answer.policy));
  } finally {
    await studio.close();
  }
}
