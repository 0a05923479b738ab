import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Stripe from 'stripe';
import { stripeClient } from '../../rails/stripe/stripe-rail.ts';
import { LocalStripeBooks, StripeFault } from './local-stripe-books.ts';

/**
 * What becomes of a request: the connection closes before or after it was carried out (the SDK then tries once more, half a
 * second later, whatever it is told of retries), a proxy answers in its place, a proxy gives up but the request gets there
 * late, the reply arrives cut off, or the server is busy.
 */
export type StripeTrouble =
  | 'lose-request'
  | 'lose-reply'
  | 'bad-gateway'
  | 'late'
  | 'cut-reply'
  | 'busy'
  | null;

const SECRET_KEY = 'sk_test_local';
export const WEBHOOK_SECRET = 'whsec_local';
/** "You can remove keys from the system automatically after they're at least 24 hours old" (Stripe, idempotent requests). */
const KEY_LIFE_S = 24 * 3_600;

interface Remembered {
  readonly asked: string;
  readonly status: number;
  readonly body: string;
  readonly atS: number;
}

/**
 * A server on this machine that answers the way Stripe documents, for the few calls that payouts make: idempotency keys that
 * remember every outcome for a day, form-encoded requests, lists in pages, its error bodies. Stripe itself cannot be asked
 * in a test; the SDK that asks is the real one.
 */
export class LocalStripe {
  readonly books = new LocalStripeBooks();
  /** Requests that arrived, as `POST /v1/transfers`. */
  readonly requests: string[] = [];
  trouble: (request: string) => StripeTrouble = () => null;
  readonly #server: Server;
  readonly #remembered = new Map<string, Remembered>();
  /** Requests that are still on their way. */
  #late: (() => unknown)[] = [];
  #port = 0;

  private constructor() {
    this.#server = createServer((request, reply) => void this.#answer(request, reply));
  }

  static async open(): Promise<LocalStripe> {
    const stripe = new LocalStripe();
    await new Promise<void>((resolve) => stripe.#server.listen(0, '127.0.0.1', resolve));
    stripe.#port = (stripe.#server.address() as AddressInfo).port; // listening on TCP
    return stripe;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** The real SDK, sent here. */
  client(): Stripe {
    return stripeClient(SECRET_KEY, { host: '127.0.0.1', port: this.#port, protocol: 'http' });
  }

  /** An event as it would be posted to us, with its signature header. */
  signed(event: unknown, atS = this.books.nowS): { body: string; signature: string } {
    const body = JSON.stringify(event);
    const mac = createHmac('sha256', WEBHOOK_SECRET).update(`${atS}.${body}`).digest('hex');
    return { body, signature: `t=${atS},v1=${mac}` };
  }

  /** What was late arrives: hours later at most, so within the life of its key. */
  arriveLate(): void {
    for (const arrive of this.#late.splice(0)) arrive();
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request) body += piece;
    const url = new URL(request.url ?? '/', 'http://stripe');
    const name = `${request.method} ${url.pathname}`;
    const trouble = this.trouble(name);
    if (trouble === 'lose-request') return void request.socket.destroy();
    if (trouble === 'bad-gateway' || trouble === 'late') {
      if (trouble === 'late') this.#late.push(() => this.#carriedOut(request, url, body));
      return void reply.writeHead(502).end('<html>Bad gateway</html>');
    }
    this.requests.push(name);
    const { status, text, replayed } =
      trouble === 'busy'
        ? { ...failure(429, 'rate_limit', 'Too many requests'), replayed: false }
        : this.#carriedOut(request, url, body);
    if (trouble === 'lose-reply') return void request.socket.destroy();
    reply.writeHead(status, {
      'content-type': 'application/json',
      'request-id': `req_${this.requests.length}`,
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    });
    reply.end(trouble === 'cut-reply' ? text.slice(0, text.length / 2) : text);
  }

  #carriedOut(request: IncomingMessage, url: URL, body: string) {
    if (request.headers.authorization !== `Bearer ${SECRET_KEY}`)
      return { ...failure(401, 'api_key_invalid', 'Invalid API Key provided'), replayed: false };
    const account = String(request.headers['stripe-account'] ?? '');
    const key = request.headers['idempotency-key'];
    const asked = `${request.method} ${url.pathname} ${account} ${body}`;
    const before = key === undefined ? undefined : this.#remembered.get(String(key));
    if (before && this.books.nowS - before.atS < KEY_LIFE_S) {
      if (before.asked === asked) return { status: before.status, text: before.body, replayed: true };
      const message = 'Keys for idempotent requests can only be used with the same parameters';
      return { ...failure(400, 'idempotency_error', message, 'idempotency_error'), replayed: false };
    }
    const answer = this.#tried(request.method ?? '', url, account, new URLSearchParams(body));
    if (key !== undefined && request.method === 'POST' && answer.executed)
      this.#remembered.set(String(key), {
        asked,
        status: answer.status,
        body: answer.text,
        atS: this.books.nowS,
      });
    return { ...answer, replayed: false };
  }

  #tried(method: string, url: URL, account: string, form: URLSearchParams) {
    try {
      const value = this.books.call(method, url, account, form);
      return { status: 200, text: JSON.stringify(value), executed: true };
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
      return { ...failure(error.status, error.code, error.message), executed: error.executed };
    }
  }
}

function failure(status: number, code: string, message: string, type = 'invalid_request_error') {
  return { status, text: JSON.stringify({ error: { type, code, message } }) };
}
