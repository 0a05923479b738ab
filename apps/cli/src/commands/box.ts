import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlayReport } from '@jamnet/jambox';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { claimBox, reportSession } from '../room/box-session.ts';
import { openCasterRelay } from '../room/caster-relay.ts';
import { readConsent } from '../room/consent.ts';
import { joinAndPlay, type RoomOptions, reportText, requireRelay } from '../room/join-and-play.ts';
import { printServiceUnit } from '../room/print-service-unit.ts';
import { withRoomOptions } from '../room/room-options.ts';
import { roomStudio } from '../room/room-studio.ts';
import { soundWays } from '../room/sound-ways.ts';
import { silentSource, wavSource } from '../room/wav-source.ts';
import type { StudioAccess } from '../studio-access.ts';
import { deviceOf } from './hardware-device.ts';

interface BoxOptions extends RoomOptions {
  readonly claim?: string;
  readonly payee?: string;
  readonly key?: string;
  readonly wav?: string;
  readonly caster?: boolean;
  readonly relayKey?: string;
  readonly reachedAt?: string;
  readonly announce?: boolean;
  readonly consent: string;
  readonly service?: boolean;
}

/** What a session came to at the studio. */
interface BoxReport extends PlayReport {
  readonly session: { readonly code: string; readonly message: string };
}

export function addBoxCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('box')
    .description(
      'be a JamBox: claim the device once, join its room, play its sound card, report the session',
    );
  withRoomOptions(command, context)
    .option('--claim <code>', 'claim code that came with the device, with --payee; may be given every time')
    .option('--payee <pseudonym>', 'who earns its reward: p and 32 hex digits')
    .option(
      '--key <file>',
      "the device's Ed25519 key, PEM; made when it is not there (default: device.pem in --data)",
    )
    .option('--wav <file>', 'play this instead of the sound card; any rate, channels are mixed to one')
    .option('--caster', 'be a JAMCaster: play nothing, keep what everybody plays who allows it')
    .option(
      '--relay-key <file>',
      'the caster is a relay too, and its room opens on it: key from "jamnet relay key"',
    )
    .option('--reached-at <address>', "IP address of the caster's relay (default: this machine's first)")
    .option('--announce', "tell this machine's networks of the caster's relay by multicast DNS")
    .option(
      '--consent <list>',
      'what others may do with the sound: record, train, strangers; with "none" nobody keeps a recording of it',
      'record',
    )
    .option(
      '--service',
      'print a systemd unit that runs this very command at every start, and do nothing else',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet box --room blue --player ann --device hw:1,0 --packet 64 --led /sys/class/leds/ACT --claim 7KQM-… --payee p0123456789abcdef0123456789abcdef\n  jamnet box --caster --room blue --player caster --out ./takes --relay-key relay.key --announce\n  jamnet box --caster --room blue --player caster --out ./takes --service',
    )
    .action((options: BoxOptions) => box(context, options));
}

async function box(context: CommandContext, options: BoxOptions): Promise<void> {
  const consent = readConsent(options.consent);
  if (!options.caster && options.device === undefined && options.wav === undefined) {
    const message = 'Say what the box plays: --device NAME or --wav FILE; or --caster, which plays nothing.';
    throw new CommandError('option-invalid', message, EXIT.usage);
  }
  if ((options.claim === undefined) !== (options.payee === undefined))
    throw new CommandError('option-invalid', '--claim and --payee go together.', EXIT.usage);
  if (!options.caster && (options.relayKey ?? options.reachedAt ?? options.announce) !== undefined)
    throw new CommandError(
      'option-invalid',
      '--relay-key, --reached-at and --announce are for a --caster.',
      EXIT.usage,
    );
  if (options.service) {
    printServiceUnit(context, options);
    return;
  }
  const studio = roomStudio(options);
  const device = deviceOf(options.key ?? join(options.data, 'device.pem'), true);
  if (options.claim !== undefined && options.payee !== undefined)
    orEnd(await claimBox(studio.desk, device, { code: options.claim, payee: options.payee }));
  const relay = options.caster ? await openCasterRelay(context, options) : null;
  let report: PlayReport;
  try {
    report = await playOnce(context, options, consent);
  } finally {
    await relay?.close();
  }
  const session = await toldSession(studio, device, report);
  print(
    context,
    options.json,
    { ...report, session } satisfies BoxReport,
    () => `${reportText(report)}\n${session.message}`,
  );
  requireRelay(report);
}

async function playOnce(
  context: CommandContext,
  options: BoxOptions,
  consent: ReturnType<typeof readConsent>,
): Promise<PlayReport> {
  const scratch = mkdtempSync(join(tmpdir(), 'jamnet-box-'));
  try {
    const ways = soundWays({ ...(options.device === undefined ? {} : { device: options.device }) }, false);
    const input = options.caster ? silentSource(scratch) : wavSource(context, options.wav, scratch);
    return await joinAndPlay(context, options, { ...ways, ...input }, consent);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A session that the studio has not verified yet, or of a device that nobody claimed, is no failure of the box. */
async function toldSession(
  { desk }: StudioAccess,
  device: ReturnType<typeof deviceOf>,
  report: PlayReport,
): Promise<BoxReport['session']> {
  const { takeFile, seconds } = report.sent;
  const told = await reportSession(desk, device, seconds > 0 ? takeFile : '');
  if (told === null)
    return { code: 'nothing-recorded', message: 'Nothing was recorded, so there is no session to report.' };
  if (told.ok) return { code: 'reported', message: 'The session is reported.' };
  return { code: told.code, message: `The session is not credited: ${told.message}` };
}
