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

/** What a player is told at joining of what becomes of the sound. */
export function consentText({ record, train, strangers }: Consent): string {
  if (!record)
    return 'Nobody keeps a recording of your sound, this machine neither; --consent record allows it.';
  const more = [
    ...(train ? ['train models on it'] : []),
    ...(strangers ? ['play excerpts to strangers'] : []),
  ];
  return `Others may keep what they hear of you${more.map((each) => `, and ${each}`).join('')}.`;
}
