import type { CommandContext } from '../context.ts';
import { type StudioOptions, studioUrlOf, tokenFileOf } from './room-studio.ts';
import { serviceUnit } from './service-unit.ts';

/** Prints a unit that runs this very command in the studio that is named, or that left its address in the data directory. */
export function printServiceUnit(
  context: CommandContext,
  options: StudioOptions & { readonly relayKey?: string },
): void {
  const [main = '', ...words] = context.processWords ?? [];
  const { relayKey } = options;
  const key = relayKey === undefined ? {} : { relayKeyFile: relayKey };
  context.stdout.write(
    serviceUnit(main, words, { url: studioUrlOf(options), tokenFile: tokenFileOf(options), ...key }),
  );
}
