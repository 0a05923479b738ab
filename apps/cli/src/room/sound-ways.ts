import type { PlayOptions } from '@jamnet/jambox';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { RoomOptions } from './join-and-play.ts';

/** By which device or pipes sound comes and goes, as the command line says. */
export function soundWays(
  options: Pick<RoomOptions, 'device' | 'output'>,
  isInputPiped: boolean,
): Pick<PlayOptions, 'device' | 'pipes'> {
  const { device, output } = options;
  if (output !== undefined && output !== '-')
    throw new CommandError(
      'option-invalid',
      '--output is "-": pipe it into a file or a program.',
      EXIT.usage,
    );
  const isPiped = isInputPiped || output === '-';
  if (device !== undefined && isPiped)
    throw new CommandError('option-invalid', 'Give --device or pipes, not both.', EXIT.usage);
  if (device !== undefined) return { device };
  return isPiped ? { pipes: { input: isInputPiped, output: output === '-' } } : {};
}

/** Where sound goes to stdout, words go to stderr. */
export function reportContext(
  context: CommandContext,
  { output }: Pick<RoomOptions, 'output'>,
): CommandContext {
  return output === '-' ? { ...context, stdout: context.stderr } : context;
}
