import { deriveSecret, payeeOf, type SigningKey, signingKey } from '../identity/keys.ts';

/** Who takes part in the sample evening. They are roles of recordings and programs, not people. */
export const SAMPLE_ROLES = {
  guitar: 'the guitar stem',
  backing: 'the backing stem',
  'honest-node': 'JAMNode A',
  'lying-node': 'JAMNode B (rounds to int8)',
  'curator-waveform': 'curator by waveform rule',
  'curator-envelope': 'curator by envelope rule',
} as const;
export type SampleRole = keyof typeof SAMPLE_ROLES;

export interface SampleMember {
  readonly role: SampleRole;
  readonly label: string;
  readonly key: SigningKey;
  readonly payee: string;
  readonly ownerGroup: string;
}

/** The evening's members, their keys made from the seed: the same seed pays the same pseudonyms. */
export function sampleMembers(seed: string): Readonly<Record<SampleRole, SampleMember>> {
  const member = (role: SampleRole): SampleMember => {
    const key = signingKey(deriveSecret(`jamnet/sample/${seed}`, role));
    return {
      role,
      label: SAMPLE_ROLES[role],
      key,
      payee: payeeOf(key.publicKey),
      ownerGroup: `sample/${role}`,
    };
  };
  return {
    guitar: member('guitar'),
    backing: member('backing'),
    'honest-node': member('honest-node'),
    'lying-node': member('lying-node'),
    'curator-waveform': member('curator-waveform'),
    'curator-envelope': member('curator-envelope'),
  };
}
