import { Failure, toHex } from '@jamnet/base';
import {
  encodeNodeMessage,
  MESH_PROTOCOL,
  type NodeClaim,
  type NodeMessage,
  parseStudioMessage,
  proofBytes,
  type StudioMessage,
} from '@jamnet/mesh';
import { deferred } from '../deferred.ts';
import type { LinkSocket } from './link-socket.ts';
import type { SigningKey } from './signing-key.ts';

type Welcome = Extract<StudioMessage, { type: 'welcome' }>;
type Answer = Extract<StudioMessage, { type: 'leased' | 'committed' | 'revealed' }>;
/** A message that awaits an answer, less the number by which the two find each other. */
export type CallMessage = WithoutCall<Extract<NodeMessage, { call: number }>>;
type WithoutCall<T> = T extends unknown ? Omit<T, 'call'> : never;

const HANDSHAKE_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 30_000;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** A registered connection to a studio. Answers find their calls; everything else goes to `onMessage`. */
export class Link {
  readonly welcome: Welcome;
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<string>;
  #onMessage: (message: StudioMessage) => void = () => {};
  readonly #socket: LinkSocket;
  readonly #onBytes: (bytes: number) => void;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  constructor(socket: LinkSocket, welcome: Welcome, onBytes: (bytes: number) => void = () => {}) {
    this.welcome = welcome;
    this.#socket = socket;
    this.#onBytes = onBytes;
    const { promise, resolve } = deferred<string>();
    this.closed = promise;
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    socket.addEventListener('close', ({ code, reason }) => {
      const why = reason || `closed (${code})`;
      for (const waiting of this.#waiting.values()) waiting.reject(new Failure('link-closed', why));
      resolve(why);
    });
  }

  listen(onMessage: (message: StudioMessage) => void): void {
    this.#onMessage = onMessage;
  }

  send(message: NodeMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#write(message);
  }

  /** Rejects with a Failure when the link closes, time runs out (the link is closed then) or the studio refuses the call. */
  call(message: CallMessage): Promise<Answer> {
    const call = ++this.#calls;
    const { promise, resolve, reject } = deferred<Answer>();
    if (this.#socket.readyState !== this.#socket.OPEN)
      return Promise.reject(new Failure('link-closed', 'not connected'));
    const timer = setTimeout(() => {
      this.#waiting.delete(call);
      reject(new Failure('call-timeout', `The studio did not answer "${message.type}".`));
      // The network may have gone without a word, which TCP finds out after a quarter of an hour: connect anew.
      this.#socket.close(1000, 'call-timeout');
    }, CALL_TIMEOUT_MS);
    this.#waiting.set(call, { resolve, reject, timer });
    this.#write({ ...message, call });
    return promise;
  }

  close(): void {
    this.#socket.close(1000, 'goodbye');
  }

  #write(message: NodeMessage): void {
    const frame = encodeNodeMessage(message);
    this.#socket.send(frame);
    this.#onBytes(frame.length);
  }

  #receive(text: string): void {
    this.#onBytes(text.length);
    const message = parseStudioMessage(text);
    if (!message.ok) {
      this.#socket.close(1003, message.code);
      return;
    }
    if (!('call' in message.value) || message.value.call === undefined) {
      this.#onMessage(message.value);
      return;
    }
    const waiting = this.#waiting.get(message.value.call);
    if (!waiting) return;
    this.#waiting.delete(message.value.call);
    clearTimeout(waiting.timer);
    if (message.value.type === 'refused')
      waiting.reject(new Failure(message.value.code, message.value.message));
    else waiting.resolve(message.value as Answer); // Of the messages with a call number, `refused` is the only other.
  }
}

export interface LinkOptions {
  readonly url: string;
  readonly openSocket: (url: string) => LinkSocket;
  readonly key: SigningKey;
  readonly claim: NodeClaim;
  readonly signal: AbortSignal;
  /** Bytes of each message of either direction once registered. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Connects and registers: hello, challenge, proof, welcome. Rejects with a Failure whose code says what was wrong. */
export function openLink({ url, openSocket, key, claim, signal, onBytes }: LinkOptions): Promise<Link> {
  const { promise, resolve, reject } = deferred<Link>();
  const socket = openSocket(url);
  let done = false;
  const end = (): boolean => {
    if (done) return false;
    done = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    return true;
  };
  const give = (code: string, message: string): void => {
    if (!end()) return;
    reject(new Failure(code, message));
    socket.close();
  };
  const timer = setTimeout(() => give('handshake-timeout', `${url} does not answer.`), HANDSHAKE_TIMEOUT_MS);
  const abort = () => give('aborted', 'The node is stopping.');
  signal.addEventListener('abort', abort, { once: true });
  const say = (message: NodeMessage) => socket.send(encodeNodeMessage(message));
  socket.addEventListener('open', () => say({ type: 'hello', protocol: MESH_PROTOCOL, claim }));
  socket.addEventListener('error', ({ message }) =>
    give('link-failed', `${url}: ${message ?? 'the connection failed'}`),
  );
  socket.addEventListener('close', () => give('link-closed', `${url} closed the connection.`));
  socket.addEventListener('message', ({ data }) => {
    if (done) return;
    const message = parseStudioMessage(String(data));
    if (!message.ok) return give(message.code, message.message);
    if (message.value.type === 'refused') return give(message.value.code, message.value.message);
    if (message.value.type === 'challenge') {
      return say({ type: 'prove', signature: toHex(key.sign(proofBytes(message.value.nonce, claim))) });
    }
    if (message.value.type !== 'welcome')
      return give('handshake-confused', `Unexpected "${message.value.type}".`);
    end();
    resolve(new Link(socket, message.value, onBytes));
  });
  return promise;
}
