import type { AnswerOf } from '@jamnet/studio/api';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { runningStudio } from '../studio-access.ts';

type Status = AnswerOf<'GET /api/status'>;

const VERDICTS = {
  ready: 'ready: everything works',
  degraded: 'degraded: the studio works, with less than it should have',
  'not-ready': 'NOT READY: something that the studio needs does not work',
} as const;

/** How the running studio is: what the page at /status/ shows. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('how the running studio is: health, queues, relays, books, versions')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nEnds with 1 when no studio runs there or it is not ready. Monitors ask GET /api/health (it lives) and GET /api/ready (503 when it is not ready).\n\nExamples:\n  jamnet status\n  jamnet status --json',
    )
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const studio = runningStudio(data);
      if (studio === null)
        throw new CommandError(
          'studio-not-running',
          `No studio runs on ${data}: start it with "npm start", or name its --data directory.`,
          EXIT.failed,
        );
      const answer = orEnd(await studio.route({ method: 'GET', path: '/api/status' }), EXIT.failed);
      // As the route's contract has it.
      const status = JSON.parse(answer) as Status;
      print(context, json, status, () => statusText(status));
      if (status.state === 'not-ready') process.exitCode = EXIT.failed;
    });
}

function statusText(status: Status): string {
  const { state, checks, relays, figures, jamnet, node, engine, upSeconds } = status;
  const rows = checks.map((check) => [
    check.name,
    check.state,
    `${check.tookMs.toFixed(1)} ms`,
    check.code === null ? '' : `${check.code}: ${check.sentence}`,
  ]);
  return [
    VERDICTS[state],
    columns(rows, [2]),
    `relays: ${relays.map(({ id, rooms, players }) => `${id} (${rooms} rooms, ${players} players)`).join(', ') || 'none'}`,
    ...(figures === null ? ['figures: none, the database does not answer'] : figureLines(figures)),
    `versions: JAMNet ${jamnet}, Node ${node}, ${engine}; up ${upSeconds} s`,
  ].join('\n');
}

function figureLines(figures: NonNullable<Status['figures']>): string[] {
  const { meshQueue, grooveRounds, unfiledCode, lastEpoch, checkpoint, schemas } = figures;
  const witnesses = checkpoint?.witnesses ?? [];
  const cosigned = witnesses.map(({ name, cosignedAtUs }) =>
    cosignedAtUs === null ? `${name} not yet` : `${name} ${moment(cosignedAtUs)}`,
  );
  return [
    `tasks: ${meshQueue.queued} queued, ${meshQueue.running} running, ${meshQueue.checking} in re-check, ${meshQueue.accepted} accepted, ${meshQueue.failed} given up`,
    `groove: ${grooveRounds.playing} rounds being played, ${grooveRounds.unsettled} not settled`,
    unfiledCode === null
      ? 'code: nothing to file'
      : `code: ${unfiledCode.repositories} repositories not filed for ${unfiledCode.epoch}`,
    lastEpoch === null
      ? 'epoch closed last: none'
      : `epoch closed last: ${lastEpoch.epoch}, ${moment(lastEpoch.closedAtUs)}`,
    checkpoint === null
      ? 'checkpoint: none that can be read'
      : `checkpoint: ${checkpoint.size} entries, written ${moment(checkpoint.writtenAtUs)}; cosigned by ${cosigned.join(', ') || 'nobody: no witnesses are named'}`,
    `tables: ${schemas.map(({ store, step }) => `${store} ${step}`).join(', ')}`,
  ];
}

function moment(us: string): string {
  return new Date(Number(BigInt(us) / 1000n)).toISOString();
}
