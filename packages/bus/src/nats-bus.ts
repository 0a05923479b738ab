import { setTimeout as delay } from 'node:timers/promises';
import { Failure, ok, type Result } from '@jamnet/base';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import {
  type Bus,
  type BusCode,
  checkMessage,
  checkSubject,
  MESSAGE_BYTES_MAX,
  refuseClosed,
  refuseFull,
  SUBSCRIPTIONS_MAX,
  type Take,
} from './bus.ts';

const CONNECT_MS = 5000;
/** Between one try and the next, the first connection's too. */
const RECONNECT_MS = 500;
/** A server that hangs, or whose machine vanished, is given up after two pings without an answer. */
const PING_MS = 5000;

/** How a server is waited for that is not there yet. */
export interface BusWait {
  /** Ms, ≥ 0; Infinity: until the signal. A try that is under way then (5 s at most) is not cut short. */
  readonly limitMs: number;
  /** Told once, where the first try fails and others follow. */
  readonly onWaiting: (why: Failure) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const AT_ONCE: BusWait = { limitMs: 0, onWaiting: () => undefined };

/**
 * Connects to a NATS server (`nats://host:4222`, with `user:password@` or `token@` where it asks for one; `tls://` for TLS).
 * Fails with a `Failure` of code `bus-unreachable`, at once where the server says no to who asks, else after the wait; of code
 * `bus-wait-ended` after the signal. Once connected it comes back by itself, and what is published while the connection is lost is lost.
 */
export async function openNatsBus(url: string, name: string, wait: BusWait = AT_ONCE): Promise<Bus> {
  const server = parse(url);
  const beganMs = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return new NatsBus(await connectTo(server, name));
    } catch (cause) {
      const isLast = isRefusal(cause) || performance.now() - beganMs + RECONNECT_MS > wait.limitMs;
      if (isLast) throw unreachable(server, cause, tries === 1 ? 0 : performance.now() - beganMs);
      if (tries === 1) wait.onWaiting(waitingFor(server, cause, wait.limitMs));
    }
    await delay(RECONNECT_MS, undefined, { signal: wait.signal }).catch(() => undefined);
    if (wait.signal?.aborted)
      throw new Failure('bus-wait-ended', `Nobody waits for the NATS server ${server.host} any more.`);
  }
}

function connectTo(server: URL, name: string): Promise<NatsConnection> {
  return connect({
    servers: `${server.protocol}//${server.host}`,
    name,
    ...credentialsOf(server),
    ...(server.protocol === 'tls:' ? { tls: {} } : {}),
    timeout: CONNECT_MS,
    reconnectTimeWait: RECONNECT_MS,
    maxReconnectAttempts: -1,
    pingInterval: PING_MS,
    maxPingOut: 2,
  });
}

/** Whether the server is there and will say no again. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError;
}

function waitingFor({ host }: URL, cause: unknown, limitMs: number): Failure {
  const howLong = Number.isFinite(limitMs) ? `${inSeconds(limitMs)} s at most` : 'until it is there';
  return new Failure(
    'bus-unreachable',
    `The NATS server ${host} cannot be used yet: ${messageOf(cause)}. It is waited for, ${howLong}.`,
    { cause },
  );
}

function unreachable({ host }: URL, cause: unknown, triedMs: number): Failure {
  const howLong = triedMs > 0 ? `, tried for ${inSeconds(triedMs)} s` : '';
  return new Failure(
    'bus-unreachable',
    `The NATS server ${host} cannot be used${howLong}: ${messageOf(cause)}. Start it, or correct NATS_URL.`,
    { cause },
  );
}

function inSeconds(ms: number): string {
  return (ms / 1_000).toFixed(ms < 10_000 ? 1 : 0);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function parse(url: string): URL {
  const server = URL.canParse(url) ? new URL(url) : null;
  if (server !== null && ['nats:', 'tls:'].includes(server.protocol) && server.host !== '') return server;
  throw new Failure('bus-unreachable', 'NATS_URL is such as nats://127.0.0.1:4222.');
}

function credentialsOf({ username, password }: URL) {
  if (username === '') return {};
  const user = decodeURIComponent(username);
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) };
}

class NatsBus implements Bus {
  readonly #connection: NatsConnection;
  #subscriptions = 0;
  #isConnected = true;
  #isClosed = false;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    void this.#watch();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      if (type === 'reconnect') this.#isConnected = true;
    }
  }

  get isConnected(): boolean {
    return this.#isConnected && !this.#isClosed;
  }

  publish(subject: string, bytes: Uint8Array): Result<null, BusCode> {
    if (this.#isClosed) return refuseClosed();
    const checked = checkMessage(subject, bytes);
    if (!checked.ok) return checked;
    // The client would keep all of it until the server is back: without bound, and of no use by then.
    // It sends later what it is given, and copies nothing.
    if (this.#isConnected) this.#connection.publish(subject, new Uint8Array(bytes));
    return ok(null);
  }

  subscribe(subject: string, take: Take): Result<() => void, BusCode> {
    if (this.#isClosed) return refuseClosed();
    const checked = checkSubject(subject);
    if (!checked.ok) return checked;
    if (this.#subscriptions >= SUBSCRIPTIONS_MAX) return refuseFull();
    this.#subscriptions++;
    let isOpen = true;
    const subscription = this.#connection.subscribe(subject, {
      callback: (fault, message) => {
        // A stranger to this contract may publish as much as the server takes.
        if (isOpen && fault === null && message.data.length <= MESSAGE_BYTES_MAX)
          take(new Uint8Array(message.data));
      },
    });
    return ok(() => {
      if (!isOpen) return;
      isOpen = false;
      this.#subscriptions--;
      subscription.unsubscribe();
    });
  }

  async flush(): Promise<void> {
    // Fails when the connection is lost meanwhile, and with it what was asked for.
    if (this.isConnected) await this.#connection.flush().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#connection.close();
  }
}
