import { AUTH_PATH } from '../auth-routes.ts';
import { SoftAuthenticator } from './soft-authenticator.ts';

/** What the member's page reaches: a desk in this process, or a studio that listens. */
export interface Site {
  readonly origin: string;
  answer(request: Request): Promise<Response | null>;
}

/** A browser as a site sees it: cookies, one authenticator, one page. */
export class BrowserOfMember {
  readonly #site: Site;
  readonly #cookies = new Map<string, { readonly value: string; readonly attributes: readonly string[] }>();
  authenticator: SoftAuthenticator;

  constructor(site: Site) {
    this.#site = site;
    this.authenticator = new SoftAuthenticator(site.origin);
  }

  get headers(): Headers {
    const cookie = [...this.#cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    return new Headers({ cookie, origin: this.#site.origin, host: new URL(this.#site.origin).host });
  }

  /** Asks below the path of better-auth. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown) {
    return this.send(method, `${AUTH_PATH}${path}`, body);
  }

  async send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) {
    const headers = this.headers;
    if (body !== undefined) headers.set('content-type', 'application/json');
    const request = new Request(`${this.#site.origin}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await this.#site.answer(request);
    if (response === null) return { status: 404, body: {} as Record<string, unknown> };
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
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

  /** Takes cookies that somebody else had, in the form of the request's header. */
  plant(cookies: string): void {
    for (const cookie of cookies.split('; ')) this.#keep(cookie);
  }

  /** What the site asked of the browser about this cookie. */
  attributesOf(name: string): readonly string[] {
    return this.#cookies.get(name)?.attributes ?? [];
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const at = pair.indexOf('=');
    const isGone = attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0');
    if (isGone) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), attributes });
  }
}
