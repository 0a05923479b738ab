import { clickAsynchrony, type MidiPerformance } from '@jamnet/groove';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface ClickOptions {
  midi: string;
  split?: string;
  json?: boolean;
}

/** How far a click is from a band, plain and following it. */
export function addGrooveClick(groove: Command, context: CommandContext): void {
  groove
    .command('click')
    .description(
      'how far a plain click, and one that follows the players, is from what they play on the beats',
    )
    .requiredOption('--midi <dir>', 'a MIDI file, or a folder searched for .mid files')
    .option(...SPLIT_OPTION)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet groove click --midi ./groove --split validation')
    .action((options: ClickOptions) => {
      const { files, performances, skipped } = readPerformances(options.midi, options.split);
      const each = performances.map(asynchronyOf);
      const sum = (part: (one: (typeof each)[number]) => number) =>
        each.reduce((total, one) => total + part(one), 0);
      const beats = sum((one) => one.beats);
      const report = {
        files,
        skipped,
        performances: each.filter((one) => one.beats > 0).length,
        beats,
        plainMs: beats === 0 ? null : sum((one) => one.plainUs) / beats / 1000,
        followingMs: beats === 0 ? null : sum((one) => one.followingUs) / beats / 1000,
        closerIn: each.filter((one) => one.followingUs < one.plainUs).length,
      };
      print(context, options.json, report, () =>
        report.plainMs === null || report.followingMs === null
          ? 'Nothing was played on a beat.'
          : `${beats} beats of ${report.performances} performances: a plain click is ${report.plainMs.toFixed(2)} ms from the band, one that follows ${report.followingMs.toFixed(2)} ms; it is the closer one in ${report.closerIn}.`,
      );
    });
}

function asynchronyOf({ sixteenthUs, hits }: MidiPerformance) {
  const strokes = hits.map(({ sixteenth, offsetUs }) => sixteenth * sixteenthUs + offsetUs);
  return clickAsynchrony(
    strokes.sort((a, b) => a - b),
    4 * sixteenthUs,
  );
}
