/** Every text of the page. */
export const words = {
  title: 'Lend this tab',
  lede: 'While this page is open and switched on, one worker of your browser computes small tasks for this studio: repairs of lost sound, fingerprints of takes, and checks. It starts only when you press the button, and ends with the tab.',
  start: 'Start computing',
  stop: 'Stop',
  off: 'Off. Nothing is computed and nothing is connected.',
  states: {
    starting: 'Connecting…',
    working: 'Computing',
    idle: 'Connected, waiting for a task',
    paused: 'Paused',
    offline: 'Connection lost; trying again',
    draining: 'Finishing',
  },
  running: (kind: string) => `Now: ${kind}`,
  takes: (kinds: readonly string[]) => `Takes: ${kinds.join(', ')}`,
  sent: 'results sent',
  accepted: 'accepted',
  refused: 'refused',
  units: 'work units accepted',
  paid: 'Paid to',
  paidHint:
    'a pseudonym made from a key that this browser keeps. Clear the site’s data, and the key is gone with what it earned.',
  last: 'The studio said last:',
  fault: (what: string) => `Stopped: ${what}`,
  home: 'Back to the evening',
} as const;
