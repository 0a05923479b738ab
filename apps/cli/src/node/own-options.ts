import type { Command } from 'commander';

/** Options of a subcommand over those of the command it belongs to: `jamnet node --directory x rules` and `… rules --directory x`. */
export function ownOptions<T>(command: Command): T {
  return { ...command.parent?.opts(), ...command.opts() } as T; // What the commands declare.
}
