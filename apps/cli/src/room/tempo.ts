import type { PlayOptions } from '@jamnet/jambox';
import { CommandError, EXIT } from '../exit-codes.ts';

const PATTERN = /^(\d{2,3}(?:\.\d{1,3})?)(?:\/(\d{1,2}))?$/;
const BEATS_PER_BAR = 4;

/** Reads "120", "92.5" or "90/3": beats per minute, 20 to 400, and beats a bar, 1 to 32, four unless said. */
export function readTempo(text: string): NonNullable<PlayOptions['beat']> {
  const [, tempo = '', beats = String(BEATS_PER_BAR)] = PATTERN.exec(text) ?? [];
  const tempoMilliBpm = Math.round(Number(tempo) * 1000);
  const beatsPerBar = Number(beats);
  const isTempo = tempoMilliBpm >= 20_000 && tempoMilliBpm <= 400_000;
  if (!isTempo || beatsPerBar < 1 || beatsPerBar > 32) {
    const message =
      '--tempo is 20 to 400 beats a minute, with 1 to 32 beats a bar after a stroke where there are not four: 120, 92.5 or 90/3.';
    throw new CommandError('option-invalid', message, EXIT.usage);
  }
  return { tempoMilliBpm, beatsPerBar };
}
