import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BROWSER_LINKS, BROWSER_PATHS, benchBrowser, browserTable, CHROMIUM_PATH } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const NIGHTLY_MINUTES = 30;

interface BrowserBenchOptions {
  readonly seconds: string;
  readonly pairSeconds: string;
  readonly minutes: string;
  readonly links: string;
  readonly paths: string;
  readonly seed: string;
  readonly chromium: string;
  readonly nightly: boolean;
  readonly realtime: boolean;
  readonly json?: boolean;
}

/** The browser's way into a room, measured in a real Chromium. */
export function addBenchBrowserCommand(bench: Command, context: CommandContext): void {
  bench
    .command('browser')
    .description(
      'pages of a real Chromium: round trips over each way into a room, two pages that hear each other, and playing on',
    )
    .option('--seconds <n>', 'of each row of round trips, 0 for none', '20')
    .option('--pair-seconds <n>', 'of sound compared between two pages, 0 for none', '10')
    .option('--minutes <n>', 'of playing on while memory, ring and delay must not grow, 0 for none', '0')
    .option(
      '--nightly',
      'play on for half an hour and measure nothing else; ends with 1 when memory, ring or delay grew beyond its bound',
      false,
    )
    .option('--links <list>', `of ${BROWSER_LINKS.join(', ')}`, BROWSER_LINKS.join(','))
    .option('--paths <list>', `of ${BROWSER_PATHS.join(', ')}`, BROWSER_PATHS.join(','))
    .option('--seed <text>', 'of what the bad link loses and delays', '1')
    .option('--chromium <path>', 'the browser', context.chromium ?? CHROMIUM_PATH)
    .option('--realtime', 'run Chromium before all other work: on a machine that does nothing else', false)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nUse a machine that does nothing else. --realtime needs root or an rtprio limit, and a page that spins then stops everything else; the report says how the processes were scheduled.\nExamples:\n  jamnet bench browser --json\n  jamnet bench browser --paths webtransport --pair-seconds 0\n  jamnet bench browser --nightly --json',
    )
    .action((options: BrowserBenchOptions) => run(context, options));
}

async function run(context: CommandContext, options: BrowserBenchOptions): Promise<void> {
  if (!existsSync(join(context.checkout, 'apps', 'web', 'dist', 'bench.html')))
    throw new CommandError(
      'page-not-built',
      'The page is not built: run "npm start" once, or "npm run build -w apps/web".',
      EXIT.usage,
    );
  const report = orEnd(
    await benchBrowser({
      checkout: context.checkout,
      chromium: options.chromium,
      ...lengthsOf(options),
      links: listOf('links', options.links, BROWSER_LINKS),
      paths: listOf('paths', options.paths, BROWSER_PATHS),
      seed: options.seed,
      isUrgent: options.realtime,
      onPart: (part) => void context.stderr.write(`${JSON.stringify(part)}\n`),
    }),
    EXIT.usage,
  );
  print(context, options.json, report, () => browserTable(report));
  if (options.json) context.stderr.write(`${browserTable(report)}\n`);
  if (options.nightly && report.soak?.isWithin !== true)
    throw new CommandError(
      'grown',
      'Something grew while two pages played on: the figures above say what. On a machine that does other work too, run it again alone first.',
      EXIT.failed,
    );
}

function lengthsOf(options: BrowserBenchOptions) {
  if (options.nightly) return { rowSeconds: 0, pairSeconds: 0, minutes: NIGHTLY_MINUTES };
  return {
    rowSeconds: number('seconds', options.seconds, 3600),
    pairSeconds: number('pair-seconds', options.pairSeconds, 3600),
    minutes: number('minutes', options.minutes, 24 * 60),
  };
}

function listOf<T extends string>(name: string, text: string, known: readonly T[]): readonly T[] {
  return text.split(',').map((each) => {
    const found = known.find((one) => one === each);
    if (found !== undefined) return found;
    throw new CommandError('option-invalid', `--${name} knows ${known.join(', ')}, not ${each}.`, EXIT.usage);
  });
}

function number(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value <= most) return value;
  throw new CommandError('option-invalid', `--${name} is a number from 0 to ${most}.`, EXIT.usage);
}
