import type { Consent } from '@jamnet/jambox';
import { CommandError, EXIT } from '../exit-codes.ts';

const CONSENTS = ['record', 'train', 'strangers'] as const;

/** What `--consent` lists. */
export function readConsent(list: string): Consent {
  const given = list === 'none' ? [] : list.split(',');
  if (!given.every((each) => CONSENTS.some((known) => known === each))) {
    throw new CommandError(
      'option-invalid',
      `--consent lists ${CONSENTS.join(', ')}, or is "none".`,
      EXIT.usage,
    );
  }
  return {
    record: given.includes('record'),
    train: given.includes('train'),
    strangers: given.includes('strangers'),
  };
}
