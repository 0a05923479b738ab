import { ok, type Result, refuse } from '@jamnet/base';

/** Bytes of one message; a NATS server takes 1 MiB as it comes. */
export const MESSAGE_BYTES_MAX = 64 << 10;
/** Subscriptions of one connection at a time. */
export const SUBSCRIPTIONS_MAX = 256;
/** Characters of a subject. */
export const SUBJECT_CHARACTERS_MAX = 128;

export type BusCode = 'subject-malformed' | 'message-too-large' | 'subscriptions-full' | 'bus-closed';

/** Takes one message; the bytes are the taker's own. What it throws is a fault of ours and ends the process. */
export type Take = (bytes: Uint8Array) => void;

/**
 * One connection to the bus. Messages reach all who are subscribed at that time, this connection included, at most once each
 * and in the order of each publisher; nothing is stored, and nobody is told that nobody listens. Whoever can connect can
 * publish: what must be believed is signed by its author.
 */
export interface Bus {
  /** Whether messages come and go now; a lost connection is made again by itself. */
  readonly isConnected: boolean;
  /** `subject`: words of lower-case letters, digits, - and _ with dots between. The bytes may be used again at once. */
  publish(subject: string, bytes: Uint8Array): Result<null, BusCode>;
  /** Answers how to end it. `take` is called later, one message after the other. */
  subscribe(subject: string, take: Take): Result<() => void, BusCode>;
  /** Resolves when what this connection has asked for so far has reached the bus, subscriptions included. */
  flush(): Promise<void>;
  /** Ends all subscriptions; the connection then refuses everything with `bus-closed`. */
  close(): Promise<void>;
}

const SUBJECT = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** The same words are refused by every bus, so that nothing works on one only. */
export function checkSubject(subject: string): Result<string, BusCode> {
  return subject.length <= SUBJECT_CHARACTERS_MAX && SUBJECT.test(subject)
    ? ok(subject)
    : refuse(
        'subject-malformed',
        `A subject has words of lower-case letters, digits, - and _ with dots between, ${SUBJECT_CHARACTERS_MAX} characters at most.`,
      );
}

export function checkMessage(subject: string, bytes: Uint8Array): Result<string, BusCode> {
  if (bytes.length > MESSAGE_BYTES_MAX)
    return refuse('message-too-large', `A message has at most ${MESSAGE_BYTES_MAX} bytes.`);
  return checkSubject(subject);
}

export function refuseClosed() {
  return refuse('bus-closed', 'This connection to the bus was closed: open a new one.');
}

export function refuseFull() {
  return refuse(
    'subscriptions-full',
    `One connection has at most ${SUBSCRIPTIONS_MAX} subscriptions: end one first.`,
  );
}
