import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { timeUs } from '@jamnet/economy';
import { CommandError, EXIT } from '../exit-codes.ts';

export function timeOption(option: string, text: string): bigint {
  const atUs = timeUs(text);
  if (atUs === null)
    throw invalid(option, text, 'write a UTC day as 2026-10-31, or a time as 2026-10-31T12:00:00Z.');
  return atUs;
}

/** A positive decimal as a ratio of integers: 1.0842 is 10842/10000. */
export function ratioOption(option: string, text: string): { numerator: string; denominator: string } {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw invalid(option, text, 'write a decimal such as 1.0842.');
  const [whole = '', fraction = ''] = [match[1], match[2]];
  return { numerator: BigInt(whole + fraction).toString(), denominator: `1${'0'.repeat(fraction.length)}` };
}

export function wholeOption(option: string, text: string): string {
  if (!/^(0|[1-9]\d{0,17})$/.test(text)) throw invalid(option, text, 'write a whole number.');
  return text;
}

/** SHA-256 of the file that a figure was taken from. */
export function documentHash(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new CommandError('file-unreadable', `${file}: ${why}`, EXIT.usage);
  }
}

function invalid(option: string, text: string, hint: string): CommandError {
  return new CommandError('option-invalid', `${option} ${text}: ${hint}`, EXIT.usage);
}
