import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeWav } from '@jamnet/jdat';
import { cutExcerpts, EXCERPT_SECONDS, type Excerpt, excerptRows } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { accessStudio, type StudioAccess } from '../studio-access.ts';

interface RoundOptions {
  readonly data: string;
  readonly sound?: string;
  readonly heldOut?: string;
  readonly perFile: string;
  readonly strangers?: boolean;
  readonly packet?: string;
  readonly epochs?: string;
  readonly json?: boolean;
}

interface Figures {
  readonly meanFileDb: number | null;
  readonly pooledDb: number | null;
  readonly worseThanSilencePercent: number | null;
}

/** A round as the studio tells it. */
interface RoundView {
  readonly phase: 'train' | 'judge' | 'candidate' | 'released' | 'refused' | 'failed';
  readonly done: number;
  readonly of: number;
  readonly reason: string;
  readonly verdict: {
    readonly released: Figures;
    readonly candidate: Figures;
    readonly sounds: number;
  } | null;
  readonly released: {
    readonly version: number;
    readonly model: string;
    readonly modelSha256: string;
  } | null;
}

const LOOK_MS = 1000;
const PATH = '/api/training/concealment';
/** WAV files lie on disk at what the mesh is sent: mono, at most 48 kHz. */
const RATE_HZ_MAX = 48_000;

export function addConcealRoundCommand(program: Command, context: CommandContext): void {
  program
    .command('conceal-round')
    .description(
      "train how concealment mixes its forecasts on the studio's hosts, weigh it on held-out sound, and release it if it is better",
    )
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--sound <dir>', 'WAV files to learn from beside the takes whose players agreed')
    .option('--held-out <dir>', 'WAV files to judge by beside the held-out takes')
    .option('--per-file <n>', 'excerpts of 2 s of each file, 1 to 16', '4')
    .option('--packet <frames>', 'packet length to train for: 32, 64, 128, 256 or 512', '128')
    .option('--epochs <n>', 'passes over all excerpts, 1 to 20')
    .option(
      '--strangers',
      'hosts of any owner compute; takes whose players did not agree to that are left out',
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet conceal-round --strangers --sound ./mine --held-out ./others\n\nNeeds a running studio with connected nodes; exits with 3 when the gate refuses. At least 20 held-out excerpts are needed.',
    )
    .action(async (options: RoundOptions) => {
      const body = roundBody(options);
      const studio = await accessStudio(context, options.data);
      try {
        await run(context, studio, body, options.json);
      } finally {
        await studio.close();
      }
    });
}

/** What the studio is asked; sound that cannot be used is refused before anybody is asked. */
function roundBody(options: RoundOptions): object {
  const perFile = whole('per-file', options.perFile, 16);
  return {
    train: options.sound ? excerptRows(excerptsIn(options.sound, perFile)) : [],
    heldOut: options.heldOut ? excerptRows(excerptsIn(options.heldOut, perFile)) : [],
    strangers: options.strangers === true,
    packetFrames: whole('packet', options.packet ?? '128', 512),
    ...(options.epochs === undefined ? {} : { epochs: whole('epochs', options.epochs, 20) }),
  };
}

async function run(
  context: CommandContext,
  studio: StudioAccess,
  body: object,
  json: boolean | undefined,
): Promise<void> {
  let view = roundOf(orEnd(await studio.route({ method: 'POST', path: PATH, body })));
  let told = '';
  while (view.phase === 'train' || view.phase === 'judge') {
    const line = `${view.done} of ${view.of} ${view.phase === 'train' ? 'steps trained' : 'sounds judged'}`;
    if (line !== told) context.stderr.write(`${line}\n`);
    told = line;
    await delay(LOOK_MS);
    view = roundOf(orEnd(await studio.route({ method: 'GET', path: PATH })));
  }
  const { released, reason, phase } = view;
  print(context, json, view, () => [...figuresText(view), endText(view)].join('\n'));
  if (!released && phase !== 'candidate')
    throw new CommandError(`round-${phase}`, reason, phase === 'refused' ? EXIT.refused : EXIT.failed);
}

function endText({ phase, reason, released }: RoundView): string {
  if (released)
    return `Released as version ${released.version}: ${released.model}, SHA-256 ${released.modelSha256}\n${reason}`;
  if (phase === 'candidate')
    return `Waits for curators: ${reason}\nWhat becomes of it: jamnet groove candidates`;
  return `${phase === 'refused' ? 'Refused' : 'Failed'}: ${reason}`;
}

function figuresText({ verdict }: RoundView): string[] {
  if (verdict === null) return [];
  const row = (name: string, { meanFileDb, pooledDb, worseThanSilencePercent }: Figures): string =>
    [name.padEnd(8), ...[meanFileDb, pooledDb, worseThanSilencePercent].map(cell)].join('');
  return [
    `${verdict.sounds} held-out sounds, one packet in ten lost; error in dB`,
    `        ${['mean', 'pooled', 'worse %'].map((head) => head.padStart(10)).join('')}`,
    row('before', verdict.released),
    row('after', verdict.candidate),
  ];
}

function cell(value: number | null): string {
  return (value === null ? '–' : value.toFixed(3)).padStart(10);
}

function roundOf(text: string): RoundView {
  // The studio's own answer; a round was begun before.
  return (JSON.parse(text) as { round: RoundView }).round;
}

/** Pieces of the first channel of every WAV file of a folder, in the order of their names. */
function excerptsIn(folder: string, perFile: number): Excerpt[] {
  const excerpts = namesIn(folder).flatMap((name) => {
    const { sampleRateHz, channels } = orEnd(decodeWav(readFileSync(join(folder, name))), EXIT.usage);
    if (sampleRateHz > RATE_HZ_MAX)
      throw new CommandError('rate-too-high', `${name} has over 48 kHz: resample it first.`, EXIT.usage);
    return cutExcerpts(channels[0] ?? new Float32Array(0), sampleRateHz, perFile);
  });
  if (excerpts.length > 0) return excerpts;
  throw new CommandError(
    'sound-too-short',
    `No WAV file in ${folder} is ${EXCERPT_SECONDS} s long, and shorter ones are not used: give longer sound.`,
    EXIT.usage,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.toLowerCase().endsWith('.wav'))
      .sort();
  } catch {
    throw new CommandError('input-unreadable', `Cannot read the folder ${folder}.`, EXIT.usage);
  }
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CommandError('option-invalid', `--${option} takes whole numbers from 1 to ${most}.`, EXIT.usage);
}
