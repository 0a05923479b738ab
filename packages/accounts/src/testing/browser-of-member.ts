import type { AccountDesk } from '../account-desk.ts';
import { AUTH_PATH } from '../make-auth.ts';
import { SoftAuthenticator } from './soft-authenticator.ts';

export const ORIGIN = 'http://localhost:8440';

/** A browser as the desk sees it: cookies, one authenticator, one page. */
export class BrowserOfMember {
  readonly #desk: AccountDesk;
  readonly #cookies = new Map<string, string>();
  authenticator = new SoftAuthenticator(ORIGIN);

  constructor(desk: AccountDesk) {
    this.#desk = desk;
  }

  get headers(): Headers {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Headers({ cookie, origin: ORIGIN, host: 'localhost:8440' });
  }

  async ask(method: 'GET' | 'POST', path: string, body?: unknown) {
    const headers = this.headers;
    if (body !== undefined) headers.set('content-type', 'application/json');
    const request = new Request(`${ORIGIN}${AUTH_PATH}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await this.#desk.answer(request);
    if (response === null) return { status: 404, body: {} as Record<string, unknown> };
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  /** Makes the account that the link is for, under this name; answers the last reply. */
  async accept(token: string, name: string) {
    const named = await this.#desk.nameInvited(token, name);
    if (!named.ok) return { status: 422, body: { code: named.code } as Record<string, unknown> };
    return this.addPasskey(token);
  }

  async addPasskey(token?: string) {
    const context = token === undefined ? '' : `?context=${token}`;
    const options = await this.ask('GET', `/passkey/generate-register-options${context}`);
    if (options.status !== 200) return options;
    return this.ask('POST', '/passkey/verify-registration', {
      response: this.authenticator.create(options.body as never),
      createSession: token !== undefined,
    });
  }

  async signIn() {
    const options = await this.ask('GET', '/passkey/generate-authenticate-options');
    return this.ask('POST', '/passkey/verify-authentication', {
      response: this.authenticator.get(options.body as never),
    });
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const at = pair.indexOf('=');
    const isGone = attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0');
    if (isGone) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
