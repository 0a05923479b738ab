import { ok } from '@jamnet/base';
import type { AnswerOf } from '@jamnet/studio/api';
import { type Command, Option } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { everyPage, pageQuery } from '../economy/every-page.ts';
import { timeOption } from '../economy/read-options.ts';
import { readJson, readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { studioAt } from '../studio-access.ts';
import { pageAddress } from '../studio-address.ts';
import { listText, proposalText } from './proposal-text.ts';

type Listed = AnswerOf<'GET /api/proposals'>;
type Proposal = AnswerOf<'GET /api/proposals/:id'>;

interface VoiceOptions extends AskOptions {
  readonly tokenFile: string;
  readonly studio?: string;
}

interface OpenOptions extends AskOptions {
  readonly title: string;
  readonly text: string;
  readonly opens?: string;
  readonly closes: string;
}

interface DecideOptions extends AskOptions {
  readonly reasons: string;
  readonly policy?: string;
}

/** Policies before they are published: proposed, commented on, advised on by owner group, decided with reasons. */
export function addProposalCommand(program: Command, context: CommandContext): void {
  const proposal = program
    .command('proposal')
    .description('policies before they are published: propose, read, comment, advise, decide with reasons');
  proposal.addHelpText(
    'after',
    '\nThe operator proposes and decides; members comment and vote with an API token of their own (scope governance:act, made at\n/account/), since nobody lends a voice. A vote is advice: one for each owner group, its last before the close, whatever units it has.\nA comment period lasts 14 to 92 days. Proposals and decisions stand in the public log, their words in public/proposals.\n\nExamples:\n  jamnet proposal open next.json --title "More for code" --text "$(cat why.txt)" --closes 2026-12-15\n  jamnet proposal list\n  jamnet proposal show 0123456789abcdef0123456789abcdef\n  jamnet proposal comment 0123456789abcdef0123456789abcdef "Half is too much." --token-file my.token\n  jamnet proposal vote 0123456789abcdef0123456789abcdef against --token-file my.token --studio https://studio.example\n  jamnet proposal hide 0123456789abcdef0123456789abcdef 2 --reason "names a person who is not part of this"\n  jamnet proposal decide 0123456789abcdef0123456789abcdef adopted --reasons "$(cat reasons.txt)" --policy amended.json',
  );
  const add = (name: string, description: string): Command =>
    proposal
      .command(name)
      .description(description)
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');
  const show = (options: AskOptions, found: Proposal): void =>
    print(context, options.json, found, () => proposalText(found));
  const ask = (options: AskOptions, path: string, body: object): Promise<Proposal> =>
    askJson<Proposal>(context, options.data, { method: 'POST', path, body });

  add('open', 'propose a whole policy and open its comment period')
    .argument('<file>', 'the proposed policy, JSON; - is the standard input')
    .requiredOption('--title <text>', 'what it is about, in one line')
    .requiredOption('--text <text>', 'what it changes and why')
    .option('--opens <time>', 'first moment of the comment period, UTC; now if left out')
    .requiredOption('--closes <time>', 'end of the comment period, UTC, as 2026-12-15')
    .action(async (file: string, { title, text, opens, closes, ...options }: OpenOptions) => {
      const body = {
        title,
        text,
        policy: readJson(file),
        ...(opens === undefined ? {} : { opensAtUs: `${timeOption('--opens', opens)}` }),
        closesAtUs: `${timeOption('--closes', closes)}`,
      };
      show(options, await ask(options, '/api/proposals', body));
    });
  add('list', 'proposals, the newest first').action(async (options: AskOptions) => {
    const every = everyPage(async (page) => {
      const question = { method: 'GET', path: `/api/proposals?${pageQuery(page)}` } as const;
      const { proposals: rows, next } = await askJson<Listed>(context, options.data, question);
      return ok({ rows, next });
    });
    const proposals = orEnd(await every);
    print(context, options.json, { proposals }, () => listText(proposals));
  });
  add('show', 'one proposal with what was said, advised and decided')
    .argument('<id>')
    .action(async (id: string, options: AskOptions) =>
      show(options, await askJson<Proposal>(context, options.data, { method: 'GET', path: pathOf(id) })),
    );
  addVoiceCommands(add, show);
  add('hide', 'hide a comment; the reason stands in its place')
    .argument('<id>')
    .argument('<comment>', 'its number')
    .requiredOption('--reason <text>', 'why, for everybody to read')
    .action(async (id: string, comment: string, { reason, ...options }: AskOptions & { reason: string }) =>
      show(
        options,
        await ask(options, `${pathOf(id)}/comments/${encodeURIComponent(comment)}/hiding`, { reason }),
      ),
    );
  add('decide', 'end a proposal: adopted, rejected, or withdrawn before its time')
    .argument('<id>')
    .argument('<verdict>', 'adopted, rejected or withdrawn')
    .requiredOption('--reasons <text>', 'why; the reasons go into the log')
    .option('--policy <file>', 'the policy as the comments made it, where it is adopted with changes')
    .action(async (id: string, verdict: string, { reasons, policy, ...options }: DecideOptions) => {
      const amended = policy === undefined ? {} : { policy: readJson(policy) };
      show(options, await ask(options, `${pathOf(id)}/decision`, { verdict, reasons, ...amended }));
    });
}

/** What members do with a token of their own, at any studio. */
function addVoiceCommands(
  add: (name: string, description: string) => Command,
  show: (options: AskOptions, found: Proposal) => void,
): void {
  const addVoice = (name: string, description: string): Command =>
    add(name, description)
      .addOption(
        new Option(
          '--token-file <file>',
          'your API token with the scope governance:act; - is the standard input',
        ).makeOptionMandatory(),
      )
      .option('--studio <url>', 'address of the studio; the one that runs on --data if left out')
      .argument('<id>');
  const say = async (
    options: VoiceOptions,
    method: 'POST' | 'PUT',
    path: string,
    body: object,
  ): Promise<void> => {
    const url = options.studio ?? pageAddress(options.data);
    if (url === null || !URL.canParse(url))
      throw new CommandError(
        'studio-unknown',
        `Name the studio with --studio https://…: none runs on ${options.data}.`,
        EXIT.usage,
      );
    const studio = studioAt(url, readText(options.tokenFile).trim());
    // As the route's contract has it.
    show(options, JSON.parse(orEnd(await studio.route({ method, path, body }))) as Proposal);
  };
  addVoice('comment', 'comment on a proposal that is open')
    .argument('<text>')
    .action((id: string, text: string, options: VoiceOptions) =>
      say(options, 'POST', `${pathOf(id)}/comments`, { text }),
    );
  addVoice('vote', 'say what your owner group advises; again changes it')
    .argument('<choice>', 'for, against or abstain')
    .action((id: string, choice: string, options: VoiceOptions) =>
      say(options, 'PUT', `${pathOf(id)}/vote`, { choice }),
    );
}

function pathOf(id: string): string {
  return `/api/proposals/${encodeURIComponent(id)}`;
}
