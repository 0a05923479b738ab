import type { Duty } from '@jamnet/sql';

const store = 'economy';

/** Work on the economy's books that one process at a time does. */
export const CLOSING: Duty = {
  store,
  name: 'close',
  busy: 'Another process is closing an epoch: ask again when it is done.',
};

export const REDEEMING: Duty = {
  store,
  name: 'redemptions',
  busy: 'Another process is paying redemptions: ask again when it is done.',
};

/** Words with the rails: an order that another process has just handed over must not look as if its sender had died. */
export const PAYING_OUT: Duty = {
  store,
  name: 'payouts',
  busy: 'Another process is paying out: ask again when it is done.',
};
