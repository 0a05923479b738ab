import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { accessStudio } from '../studio-access.ts';

interface CandidatesOptions {
  data: string;
  withdraw?: string;
  kind: string;
  json?: boolean;
}

/** A candidate as the studio tells it; amounts and moments as decimal text. */
interface CandidateView {
  readonly kind: 'groove' | 'concealment';
  readonly model: string;
  readonly modelSha256: string;
  readonly gainPpm: string;
  readonly clips: number;
  readonly deadlineUs: string;
  readonly state: 'waiting' | 'released' | 'refused';
  readonly reason: string;
  readonly endedAtUs: string | null;
}

/** What waits between its figures and its release, and why. */
export function addGrooveCandidates(groove: Command, context: CommandContext): void {
  groove
    .command('candidates')
    .description('models that have their figures and wait for curators, and what became of earlier ones')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--withdraw <reason>', 'refuse the one that waits')
    .option('--kind <name>', 'of which kind it is withdrawn: groove or concealment', 'groove')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet groove candidates\n  jamnet groove candidates --withdraw "trained on the wrong takes"\n\nCurators hear it beside the released model at /curate/, blind. Three owner groups decide; after a week its figures do.',
    )
    .action(async (options: CandidatesOptions) => {
      if (options.kind !== 'groove' && options.kind !== 'concealment')
        throw new CommandError('option-invalid', '--kind is groove or concealment.', EXIT.usage);
      const studio = await accessStudio(context, options.data);
      try {
        if (options.withdraw !== undefined) {
          const path = `/api/training/candidates/${options.kind}/withdraw`;
          const body = { reason: options.withdraw };
          const answer = orEnd(await studio.route({ method: 'POST', path, body }), EXIT.refused);
          // The studio's own answer.
          const view = JSON.parse(answer) as CandidateView;
          return print(context, options.json, view, () => lineOf(view));
        }
        const answer = orEnd(await studio.route({ method: 'GET', path: '/api/curation/candidates' }));
        const told = JSON.parse(answer) as { readonly candidates: readonly CandidateView[] };
        print(context, options.json, told, () =>
          told.candidates.length === 0
            ? 'No candidate waits, and none has: a training round makes one (jamnet groove round).'
            : told.candidates.map(lineOf).join('\n'),
        );
      } finally {
        await studio.close();
      }
    });
}

function lineOf({ kind, model, gainPpm, state, reason, deadlineUs, endedAtUs }: CandidateView): string {
  const gain = `${(Number(gainPpm) / 10_000).toFixed(2)} % better by its figures`;
  const when = endedAtUs === null ? `until ${momentOf(deadlineUs)}` : momentOf(endedAtUs);
  return `${kind} ${model}, ${gain}: ${state}, ${when}\n  ${reason}`;
}

function momentOf(us: string): string {
  return new Date(Number(BigInt(us) / 1000n)).toISOString().slice(0, 16).replace('T', ' ');
}
