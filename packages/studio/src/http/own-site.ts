import { type Exposure, proxyGate } from '../config/exposure.ts';

/** Names of this machine for itself, with or without a port. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/**
 * The names under which a studio answers and the pages that are its own: loopback always, and its public address where it has one.
 * A page that resolves its own name to 127.0.0.1 sends that name as Host (DNS rebinding); one of another site sends its own Origin.
 */
export class OwnSite {
  readonly exposure: Exposure | null;
  readonly #publicHost: string | null;
  /** Null where no proxy stands in front. */
  readonly #isProxy: ((address: string) => boolean) | null;

  constructor(exposure: Exposure | null) {
    this.exposure = exposure;
    this.#publicHost = exposure === null ? null : new URL(exposure.origin).host;
    this.#isProxy = exposure === null || exposure.proxies.length === 0 ? null : proxyGate(exposure.proxies);
  }

  /** By the address of a connection: behind a proxy only it, and this machine, may ask anything. */
  takesFrom(address: string | undefined): boolean {
    return this.#isProxy === null || this.#isProxy(address ?? '');
  }

  /** By a request's `Host`, any case. */
  answersTo(host: string | undefined): boolean {
    const name = host?.toLowerCase() ?? '';
    return isLoopback(name) || (this.#publicHost !== null && withoutDefaultPort(name) === this.#publicHost);
  }

  /** Whether a page of `origin` may ask what it asks at `host`; programs that are no pages send no origin. */
  isOwnPage(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    const name = host?.toLowerCase() ?? '';
    if (!isLoopback(name)) return origin.toLowerCase() === this.exposure?.origin;
    return [`http://${name}`, `https://${name}`].includes(origin.toLowerCase());
  }

  /** Origins of our pages for who keeps a list; `port` is the loopback one. */
  origins(port: number): string[] {
    const home = ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) => [
      `http://${name}:${port}`,
      `https://${name}:${port}`,
    ]);
    return this.exposure === null ? home : [...home, this.exposure.origin];
  }
}

function isLoopback(name: string): boolean {
  // Five digits may be more than a port.
  return LOOPBACK.test(name) && URL.canParse(`http://${name}`);
}

/** A browser leaves the port of https away; a program may not. */
function withoutDefaultPort(host: string): string {
  return host.endsWith(':443') ? host.slice(0, -4) : host;
}
