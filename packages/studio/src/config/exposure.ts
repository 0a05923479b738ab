import { BlockList, isIP } from 'node:net';
import type { ConfigIssue } from './read-settings.ts';
import type { SettingName } from './settings.ts';

/** How a studio is reached from beyond its own machine; TLS always, by its own certificate or in a proxy. */
export interface Exposure {
  /** `https://studio.example`: what people type, and the only origin whose pages are ours. */
  readonly origin: string;
  /** Its name without port. */
  readonly hostname: string;
  readonly tls: TlsFiles | null;
  /** Addresses (or CIDR blocks) of the proxies that end TLS in front of the studio; empty with {@link tls}. */
  readonly proxies: readonly string[];
}

/** PEM files: the chain, the studio's own certificate first, and its key. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface RawExposure {
  readonly host: string;
  readonly publicUrl?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** Addresses, separated by commas. */
  readonly behindProxy?: string | undefined;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const PROXIES_MAX = 16;

/** What the options say together; each issue is a sentence that is added to `issues`. `null`: this machine only. */
export function parseExposure(raw: RawExposure, issues: ConfigIssue[]): Exposure | null {
  const tell = (setting: SettingName, message: string): void => {
    issues.push({ setting, message });
  };
  const { host, publicUrl, tlsCert, tlsKey, behindProxy } = raw;
  const isAsked = [publicUrl, tlsCert, tlsKey, behindProxy].some((value) => value !== undefined);
  if (!LOOPBACK.has(host) && isIP(host) === 0)
    tell('host', `--host ${host} is no address: give one of this machine's, or 0.0.0.0 for all.`);
  if (!isAsked) {
    if (!LOOPBACK.has(host)) {
      tell(
        'host',
        `--host ${host} would let others in without encryption: say how with --public-url and either --tls-cert and --tls-key or --behind-proxy.`,
      );
    }
    return null;
  }
  const url = publicUrl === undefined ? null : originOf(publicUrl);
  if (publicUrl === undefined)
    tell('publicUrl', 'Say with --public-url https://NAME where people reach the studio.');
  else if (url === null) tell('publicUrl', `--public-url ${publicUrl} is no https://NAME without path.`);
  const tls =
    tlsCert === undefined || tlsKey === undefined ? null : { certificateFile: tlsCert, keyFile: tlsKey };
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    tell('tlsCert', '--tls-cert and --tls-key belong together.');
  const proxies = behindProxy === undefined ? [] : behindProxy.split(',').map((each) => each.trim());
  const wrong = proxies.find((each) => !isBlock(each));
  if (wrong !== undefined)
    tell('behindProxy', `--behind-proxy: "${wrong}" is no IP address and no block such as 10.0.0.0/8.`);
  if (proxies.length > PROXIES_MAX)
    tell('behindProxy', `--behind-proxy names at most ${PROXIES_MAX} proxies.`);
  if (tls !== null && proxies.length > 0)
    tell(
      'behindProxy',
      'TLS ends either here (--tls-cert, --tls-key) or in a proxy (--behind-proxy): give one.',
    );
  if (tls === null && proxies.length === 0 && tlsCert === tlsKey)
    tell(
      'publicUrl',
      '--public-url needs --tls-cert and --tls-key, or --behind-proxy with the proxy’s address.',
    );
  return { origin: url?.origin ?? '', hostname: url?.hostname ?? '', tls, proxies };
}

function originOf(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return url.protocol === 'https:' && isBare ? url : null;
}

function isBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  // A block of zero bits is everybody, and whoever connects would be a proxy.
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Tells by the address of a connection whether it comes from a proxy of ours, or from this machine. */
export function proxyGate(proxies: readonly string[]): (address: string) => boolean {
  const known = new BlockList();
  known.addSubnet('127.0.0.0', 8, 'ipv4');
  known.addAddress('::1', 'ipv6');
  for (const each of proxies) {
    const [address = '', bits] = each.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) known.addAddress(address, family);
    else known.addSubnet(address, Number(bits), family);
  }
  // BlockList knows a mapped IPv4 address as the IPv4 address that it is.
  return (address) => isIP(address) !== 0 && known.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
