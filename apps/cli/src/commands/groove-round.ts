import { setTimeout as delay } from 'node:timers/promises';
import { ok } from '@jamnet/base';
import { performanceRows } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { everyPage, pageQuery } from '../economy/every-page.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';
import { accessStudio, type StudioAccess } from '../studio-access.ts';

interface RoundOptions {
  data: string;
  midi?: string;
  split?: string;
  heldOut?: string;
  heldOutSplit?: string;
  strangers?: boolean;
  fromScratch?: boolean;
  epochs?: string;
  json?: boolean;
}

interface TakeOptions {
  data: string;
  player: string;
  json?: boolean;
}

/** A round as the studio tells it. */
interface RoundView {
  readonly round: string;
  readonly phase: 'train' | 'judge' | 'candidate' | 'released' | 'refused' | 'failed';
  readonly done: number;
  readonly of: number;
  readonly reason: string;
  readonly paid: string;
  readonly worth: readonly { readonly take: string; readonly player: string; readonly value: string }[];
  readonly released: {
    readonly version: number;
    readonly model: string;
    readonly modelSha256: string;
  } | null;
}

interface TakesAnswer {
  readonly takes: readonly {
    readonly take: string;
    readonly player: string;
    readonly performanceSha256: string;
    readonly use: 'train' | 'held-out';
    readonly strangers: boolean;
    readonly strokes: number;
  }[];
  readonly leftOut: Readonly<Record<string, number>>;
}

const LOOK_MS = 1000;

export function addGrooveRound(groove: Command, context: CommandContext): void {
  const add = (name: string, description: string): Command =>
    groove
      .command(name)
      .description(description)
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');
  add(
    'round',
    "train a candidate on the studio's hosts, judge it on held-out playing, and release it if it is better",
  )
    .option('--midi <dir>', 'performances to learn from beside the takes whose players agreed')
    .option(...SPLIT_OPTION)
    .option('--held-out <dir>', 'performances to judge by beside the held-out takes')
    .option('--held-out-split <name>', 'only the files of this split of that folder')
    .option(
      '--strangers',
      'hosts of any owner compute; takes whose players did not agree to that are left out',
    )
    .option('--from-scratch', 'new networks instead of the released ones going on')
    .option('--epochs <n>', 'passes over all strokes, 1 to 100')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet groove round --strangers --held-out ./groove --held-out-split validation\n\nNeeds a running studio with connected nodes; exits with 3 when the gate refuses. Where curators of three owner groups can hear it, a candidate that has its figures waits for them: jamnet groove candidates. What is learnt from: jamnet groove takes.',
    )
    .action((options: RoundOptions) =>
      withStudio(context, options.data, (studio) => round(context, studio, options)),
    );
  add('takes', 'the takes that may be learnt from, those held out, and why others are left out')
    .addHelpText('after', '\nExample:\n  jamnet groove takes --json')
    .action((options: TakeOptions) =>
      withStudio(context, options.data, (studio) => takes(context, studio, options)),
    );
  add('player', 'say which payee a player of a take is: what the take adds to a released model is theirs')
    .argument('<take>', 'address of the take, 64 hex digits')
    .requiredOption('--player <name>', 'as they were called in the room')
    .requiredOption('--payee <id>', 'a registered payee, p and 32 hex digits')
    .addHelpText(
      'after',
      `\nExample:\n  jamnet groove player ${'ab'.repeat(32)} --player ada --payee p${'01'.repeat(16)}\n\nSaid once for good. The policy says what takes earn so (music.modelValue).`,
    )
    .action((take: string, options: TakeOptions & { payee: string }) =>
      withStudio(context, options.data, async (studio) => {
        const { player, payee } = options;
        const path = `/api/training/takes/${encodeURIComponent(take)}/player`;
        const done = orEnd(await studio.route({ method: 'POST', path, body: { player, payee } }));
        print(context, options.json, JSON.parse(done), () => `${player} in ${take} is ${payee}.`);
      }),
    );
  for (const act of ['revoke', 'restore'] as const)
    add(
      act,
      act === 'revoke' ? 'no later round learns from this player in this take' : 'the player agrees again',
    )
      .argument('<take>', 'address of the take, 64 hex digits')
      .requiredOption('--player <name>', 'whose playing')
      .addHelpText('after', `\nExample:\n  jamnet groove ${act} ${'ab'.repeat(32)} --player ada`)
      .action((take: string, options: TakeOptions) =>
        withStudio(context, options.data, async (studio) => {
          const path = `/api/training/takes/${encodeURIComponent(take)}/${act}`;
          const done = orEnd(await studio.route({ method: 'POST', path, body: { player: options.player } }));
          print(context, options.json, JSON.parse(done), () =>
            act === 'revoke'
              ? `${options.player}'s playing in ${take} is in no later training set, and what hosts were sent of it is forgotten.`
              : `${options.player}'s playing in ${take} may be learnt from again.`,
          );
        }),
      );
}

async function withStudio(
  context: CommandContext,
  data: string,
  act: (studio: StudioAccess) => Promise<void>,
): Promise<void> {
  const studio = await accessStudio(context, data);
  try {
    await act(studio);
  } finally {
    await studio.close();
  }
}

async function round(context: CommandContext, studio: StudioAccess, options: RoundOptions): Promise<void> {
  const body = {
    train: options.midi ? performanceRows(readPerformances(options.midi, options.split).performances) : [],
    heldOut: options.heldOut
      ? performanceRows(readPerformances(options.heldOut, options.heldOutSplit).performances)
      : [],
    strangers: options.strangers === true,
    fromScratch: options.fromScratch === true,
    ...(options.epochs === undefined ? {} : { epochs: Number(options.epochs) }),
  };
  let view = roundOf(orEnd(await studio.route({ method: 'POST', path: '/api/training/round', body })));
  let told = '';
  while (view.phase === 'train' || view.phase === 'judge') {
    const { phase, done, of } = view;
    const line =
      phase === 'train' ? `${done} of ${of} steps trained` : `${done} of ${of} performances judged`;
    if (line !== told) context.stderr.write(`${line}\n`);
    told = line;
    await delay(LOOK_MS);
    view = roundOf(orEnd(await studio.route({ method: 'GET', path: '/api/training/round' })));
  }
  const { released, reason, phase } = view;
  if (phase === 'candidate')
    return print(
      context,
      options.json,
      view,
      () => `Waits for curators: ${reason}\nWhat becomes of it: jamnet groove candidates`,
    );
  print(context, options.json, view, () =>
    released
      ? `Released as version ${released.version}: ${released.model}, SHA-256 ${released.modelSha256}\n${[reason, ...view.worth.map(worthText), view.paid].join('\n')}`
      : `${phase === 'refused' ? 'Refused' : 'Failed'}: ${reason}`,
  );
  if (!released)
    throw new CommandError(`round-${phase}`, reason, phase === 'refused' ? EXIT.refused : EXIT.failed);
}

/** A take's share in strokes foretold. */
function worthText({ take, player, value }: RoundView['worth'][number]): string {
  return `${take.slice(0, 12)}  ${player}: ${(Number(value) / 1e9).toFixed(3)} strokes foretold`;
}

function roundOf(text: string): RoundView {
  // The studio's own answer; a round was begun before.
  return (JSON.parse(text) as { round: RoundView }).round;
}

async function takes(context: CommandContext, studio: StudioAccess, options: TakeOptions): Promise<void> {
  let leftOut: TakesAnswer['leftOut'] = {};
  const every = everyPage(async (page) => {
    const asked = await studio.route({ method: 'GET', path: `/api/training/takes?${pageQuery(page)}` });
    if (!asked.ok) return asked;
    // The studio's own answer.
    const told = JSON.parse(asked.value) as TakesAnswer & { readonly next: string | null };
    ({ leftOut } = told);
    return ok({ rows: told.takes, next: told.next });
  });
  const answer = { takes: orEnd(await every), leftOut };
  print(context, options.json, answer, () => {
    const rows = answer.takes.map(
      ({ take, player, use, strangers, strokes }) =>
        `${take.slice(0, 12)}  ${player.padEnd(16)} ${String(strokes).padStart(6)} strokes, ${use}${strangers ? '' : ', trusted hosts only'}`,
    );
    const left = Object.entries(answer.leftOut).map(([reason, count]) => `left out, ${reason}: ${count}`);
    return (
      [...rows, ...left].join('\n') || 'No take may be learnt from yet: players agree when they join a room.'
    );
  });
}
