/** A relay or studio as the local network hears of it. Holds nothing secret: whoever is on the network reads it. */
export interface LanService {
  /** What people call it; 1 to 63 bytes of UTF-8 without dots once it is announced (a DNS label, RFC 1035 §2.3.4). */
  readonly name: string;
  /** IPv4 address of the relay. */
  readonly address: string;
  /** UDP port of the relay, 1 to 65535. */
  readonly port: number;
  /** Origin of the studio's API; `null` when none is told. */
  readonly apiUrl: string | null;
  /** Version of JAMNet that runs there; empty when it is not told. */
  readonly version: string;
}

const LABEL_BYTES_MAX = 63;
const NAMELESS = 'jamnet';
/** Control and invisible format characters, line and paragraph separators, halves of pairs: what can move a cursor or hide text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from the network as it may be printed: on one line, without control characters, at most `charactersMax` code points. */
export function cleanText(text: string, charactersMax = LABEL_BYTES_MAX): string {
  return Array.from(text.replace(UNSEEN, '').trim()).slice(0, charactersMax).join('');
}

/** A name as one DNS label: clean, without dots (the library takes them for the end of a label), at most 63 bytes. */
export function asLabel(name: string): string {
  let label = '';
  let bytes = 0;
  for (const character of cleanText(name).replaceAll('.', '-')) {
    bytes += Buffer.byteLength(character);
    if (bytes > LABEL_BYTES_MAX) break;
    label += character;
  }
  return label.trim() === '' ? NAMELESS : label;
}

/** The origin of an HTTP URL, without user, path, query or fragment (where tokens travel); `null` when it is none. */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, origin } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? origin : null;
}

/** Whether only this machine reaches the address. */
export function isLoopback(address: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(address) || address === 'localhost' || address === '[::1]';
}

/** What may be told of a service: the API's origin only where those who hear it can reach it. */
export function toldService(service: LanService): LanService {
  const origin = service.apiUrl === null ? null : originOf(service.apiUrl);
  const isOfUse = origin !== null && (isLoopback(service.address) || !isLoopback(new URL(origin).hostname));
  return {
    name: asLabel(service.name),
    address: service.address,
    port: service.port,
    apiUrl: isOfUse ? origin : null,
    version: cleanText(service.version, 32),
  };
}
