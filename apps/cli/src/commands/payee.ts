import type { JudgeRequest } from '@jamnet/studio';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { askCash } from '../economy/ask-cash.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { readJson } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

/** A payee's file as the desk answers it. */
interface FileAnswer {
  readonly payee: string;
  readonly checks: Readonly<Record<string, { readonly state: string; readonly evidence: string | null }>>;
  readonly nameCheck: string | null;
  readonly holds: readonly { readonly id: string; readonly reason: string }[];
  readonly mayBePaid: boolean;
  readonly why: string | null;
}

const CHECKS = ['identity', 'taxForm', 'sanctions', 'bank'] as const;
const NAME_CHECKS = ['match', 'close-match', 'no-match', 'not-possible'] as const;

export function addPayeeCommand(program: Command, context: CommandContext): void {
  const payee = program.command('payee').description('who is paid: checks, holds and personal data');
  payee.addHelpText(
    'after',
    '\nPersonal data is read from a file or the standard input, never from the command line, and is sealed in the database.\n\nExamples:\n  jamnet payee set p0123… ann.json\n  jamnet payee check p0123… bank verified --name-check match\n  jamnet payee check p0123… sanctions verified --evidence <sha256 of what was looked up>\n  jamnet payee hold p0123… dispute-7 "A charge-back is open."\n  jamnet payee export p0123… > ann-export.json',
  );
  const add = (name: string, description: string): Command =>
    payee
      .command(name)
      .description(description)
      .argument('<payee>', 'the pseudonym, "p" and 32 hex digits')
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  add('show', 'checks, holds, and whether cash may go; no personal data').action(
    async (id: string, options: AskOptions) => {
      await askCash(context, options, ({ payees }) => payees.show(id), fileText);
    },
  );
  add('set', 'take in what the payee handed in; what changed is to be judged anew')
    .argument(
      '<file>',
      'JSON: legalName, email, birthDate, address, destination, tax; - is the standard input',
    )
    .action(async (id: string, file: string, options: AskOptions) => {
      const document = readJson(file);
      await askCash(context, options, ({ payees }) => payees.set(id, document), fileText);
    });
  add('check', 'write down what was found')
    .argument('<check>', CHECKS.join(', '))
    .argument('<verdict>', 'verified or rejected')
    .option('--evidence <sha256>', 'what was looked at; without it, what the payee handed in last')
    .option('--name-check <result>', `what the bank said of the name: ${NAME_CHECKS.join(', ')}`)
    .action(
      async (
        id: string,
        check: string,
        verdict: string,
        options: AskOptions & { evidence?: string; nameCheck?: string },
      ) => {
        const request = judgeRequest(check, verdict, options);
        await askCash(context, options, ({ payees }) => payees.check(id, request), fileText);
      },
    );
  add('hold', 'pay nothing until it is released')
    .argument('<hold>', 'a name for it: small letters, digits and -')
    .argument('<reason>', 'a sentence that the payee may read')
    .action(async (id: string, hold: string, reason: string, options: AskOptions) => {
      await askCash(context, options, ({ payees }) => payees.hold(id, { id: hold, reason }), fileText);
    });
  add('release', 'take a hold away')
    .argument('<hold>', 'its name')
    .action(async (id: string, hold: string, options: AskOptions) => {
      await askCash(context, options, ({ payees }) => payees.release(id, { id: hold }), fileText);
    });
  add('export', 'all that is kept about the payee, personal data included, as JSON').action(
    async (id: string, options: AskOptions) => {
      await askCash(
        context,
        options,
        ({ payees }) => payees.export(id),
        (answer) => JSON.stringify(answer, null, 2),
      );
    },
  );
  add('erase', 'destroy personal data and checks; holds and the books stay').action(
    async (id: string, options: AskOptions) => {
      await askCash(context, options, ({ payees }) => payees.erase(id), fileText);
    },
  );
}

function judgeRequest(
  check: string,
  verdict: string,
  { evidence, nameCheck }: { evidence?: string; nameCheck?: string },
): JudgeRequest {
  return {
    check: oneOf(CHECKS, check, 'check'),
    verdict: oneOf(['verified', 'rejected'] as const, verdict, 'verdict'),
    ...(evidence === undefined ? {} : { evidence }),
    ...(nameCheck === undefined ? {} : { nameCheck: oneOf(NAME_CHECKS, nameCheck, '--name-check') }),
  };
}

function oneOf<T extends string>(words: readonly T[], word: string, what: string): T {
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  throw new CommandError('option-invalid', `${what} ${word}: it is one of ${words.join(', ')}.`, EXIT.usage);
}

function fileText({ payee, checks, nameCheck, holds, mayBePaid, why }: FileAnswer): string {
  const lines = CHECKS.map((check) => {
    const { state = '?', evidence = null } = checks[check] ?? {};
    const name = check === 'bank' && nameCheck !== null ? `, name: ${nameCheck}` : '';
    return `${check.padEnd(10)} ${state}${name}${evidence === null ? '' : `  (evidence ${evidence})`}`;
  });
  return [
    payee,
    ...lines,
    ...holds.map(({ id, reason }) => `held: ${id}: ${reason}`),
    mayBePaid ? 'Cash may go.' : `No cash goes now: ${why}`,
  ].join('\n');
}
