import { readFileSync } from 'node:fs';
import { Failure, fromHex } from '@jamnet/base';
import { announceRelay, startUdpRelay } from '@jamnet/studio';
import { CommandError, EXIT } from '../exit-codes.ts';
import { announceOrSay } from './announce-or-say.ts';

export interface OwnRelayOptions {
  /** Of the studio that sends players here. */
  readonly studio: string;
  /** NATS server by which studios hear of it too. */
  readonly natsUrl?: string | undefined;
  /** The key that studio and relays share: 32 bytes. */
  readonly tokenKey: Uint8Array;
  /** Address to listen on, and the one by which players reach it. */
  readonly host: string;
  readonly reachedAt: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly name: string;
  /** Tell this machine's networks of it by multicast DNS. */
  readonly isAnnounced: boolean;
}

export type SayEvent = (event: string, text: string, facts: object) => void;

type Relay = Awaited<ReturnType<typeof startUdpRelay>>;

export interface OwnRelay {
  readonly port: number;
  /** The studio's first answer: `null` when it knows the relay, else what is wrong; it is told again until it does. */
  readonly answered: Promise<string | null>;
  /** Takes its name back and ends it. */
  close(): Promise<ReturnType<Relay['stats']>>;
}

/** Starts a relay of a studio in this process, tells the studio of it, and where asked the local network. */
export async function openOwnRelay(options: OwnRelayOptions, say: SayEvent): Promise<OwnRelay> {
  const { studio, tokenKey, host, reachedAt, name } = options;
  const relay = await startUdpRelay({ host, port: options.port, tokenKey }).catch((error: unknown) => {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  });
  const { port, udp } = relay;
  const text = `Relay "${name}" on ${reachedAt}:${port} (${udp}, ${relay.priority.scheduling}); Ctrl+C ends it`;
  say('listening', text, { host: reachedAt, port, udp });
  let answer = (_fault: string | null): void => undefined;
  const answered = new Promise<string | null>((resolve) => {
    answer = resolve;
  });
  const stop = announceRelay(relay, {
    ...{ studio, tokenKey, id: name, host: reachedAt, port },
    ...(options.natsUrl === undefined ? {} : { natsUrl: options.natsUrl }),
    onAnswer: (fault) => {
      if (fault === null) say('announced', `The studio at ${studio} knows it.`, { studio });
      else say('not-announced', fault, { fault });
      answer(fault);
    },
  });
  const silence = options.isAnnounced
    ? await announceOrSay({ name, address: reachedAt, port, apiUrl: studio }, say)
    : undefined;
  const close = async (): Promise<ReturnType<Relay['stats']>> => {
    await silence?.();
    await stop();
    const stats = relay.stats();
    await relay.close();
    say('closed', `${stats.forwarded} packets sent on.`, stats);
    return stats;
  };
  return { port, answered, close };
}

/** The key that studio and relays share, from its file. */
export function readRelayKey(file: string): Uint8Array {
  let key: Uint8Array | null = null;
  try {
    key = fromHex(readFileSync(file, 'utf8').trim());
  } catch {
    throw new CommandError(
      'key-missing',
      `Cannot read ${file}: write it with "jamnet relay key > ${file}" on the studio's machine.`,
      EXIT.usage,
    );
  }
  if (key?.length === 32) return key;
  throw new CommandError(
    'key-malformed',
    `${file} holds no key: 64 hex digits, from "jamnet relay key".`,
    EXIT.usage,
  );
}
