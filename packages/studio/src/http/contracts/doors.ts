/** Who may stand before a door. `token` is the operator's, from the data directory. */
export const ASKERS = ['nobody', 'stranger', 'member', 'curator', 'auditor', 'operator', 'token'] as const;
export type AskerName = (typeof ASKERS)[number];

interface DoorKind {
  readonly letsIn: readonly AskerName[];
  /** Who else comes in, or what is looked at beside who asks. */
  readonly note?: string;
}

/** Each kind of door and whom it lets in. */
export const DOORS = {
  open: { letsIn: ASKERS, note: 'What a signature, a link or a join token opens is open to whoever has it.' },
  /** See the note: here the operator's own machine is everybody. */
  ownOrHere: {
    letsIn: ASKERS,
    note: 'On the studio’s own machine everybody; from elsewhere its payee, auditors and operators.',
  },
  members: { letsIn: ['member', 'curator', 'auditor', 'operator'] },
  /** Auditors only read. */
  voices: { letsIn: ['member', 'curator', 'operator'] },
  membersOrToken: { letsIn: ['member', 'curator', 'auditor', 'operator', 'token'] },
  readers: { letsIn: ['auditor', 'operator', 'token'] },
  operator: { letsIn: ['operator', 'token'] },
  operatorOrLink: {
    letsIn: ['operator', 'token'],
    note: 'And the payee, signed in, and whoever has a link that the operator signed.',
  },
  operatorOrGuest: {
    letsIn: ['operator', 'token'],
    note: 'And who sits in a room: header jamnet-ticket with the travelling part of the join token.',
  },
  judges: { letsIn: ['curator', 'token'] },
  judgesAndReaders: { letsIn: ['curator', 'auditor', 'operator', 'token'] },
} as const satisfies Record<string, DoorKind>;
export type Door = keyof typeof DOORS;
