import type { LanService } from './lan-service.ts';

/** Where relays are found (DNS-SD, RFC 6763 §7: `_service._proto.domain`). */
export const SERVICE_TYPE = '_jamnet._udp.local';
/** Where the kinds of services themselves are listed (RFC 6763 §9). */
const SERVICE_KINDS = '_services._dns-sd._udp.local';
/** How long others may remember: 120 s for records that name a host, 75 min for the rest (RFC 6762 §10). */
const HOST_TTL_S = 120;
const OTHER_TTL_S = 4_500;
/** One TXT string holds at most 255 bytes (RFC 6763 §6.1). */
const TXT_BYTES_MAX = 255;

/** A record as `multicast-dns` sends it. `flush`: it replaces what is remembered under its name (RFC 6762 §10.2). */
export type ServiceRecord = { readonly name: string; readonly ttl: number; readonly flush?: boolean } & (
  | { readonly type: 'PTR' | 'A'; readonly data: string }
  | { readonly type: 'SRV'; readonly data: { readonly port: number; readonly target: string } }
  | { readonly type: 'TXT'; readonly data: string[] }
);

/** The service's records (RFC 6763 §4 to §6); `isLeaving`: with no time to live, which says goodbye (RFC 6762 §10.1). */
export function recordsOf(service: LanService, isLeaving = false): ServiceRecord[] {
  const instance = instanceName(service);
  const target = hostName(service);
  const hostTtl = isLeaving ? 0 : HOST_TTL_S;
  const otherTtl = isLeaving ? 0 : OTHER_TTL_S;
  return [
    { name: SERVICE_TYPE, type: 'PTR', ttl: otherTtl, data: instance },
    { name: instance, type: 'SRV', ttl: hostTtl, flush: true, data: { port: service.port, target } },
    { name: instance, type: 'TXT', ttl: otherTtl, flush: true, data: textOf(service) },
    { name: target, type: 'A', ttl: hostTtl, flush: true, data: service.address },
  ];
}

/** What answers a query: all records of the service, one for a question about kinds, none for what is not ours. */
export function answersTo(questions: readonly unknown[], service: LanService): ServiceRecord[] {
  const ours = [SERVICE_TYPE, instanceName(service), hostName(service)].map((name) => name.toLowerCase());
  const names = questions.map(askedName);
  const kinds: ServiceRecord[] = names.includes(SERVICE_KINDS)
    ? [{ name: SERVICE_KINDS, type: 'PTR', ttl: OTHER_TTL_S, data: SERVICE_TYPE }]
    : [];
  return names.some((name) => ours.includes(name)) ? [...kinds, ...recordsOf(service)] : kinds;
}

function instanceName({ name }: LanService): string {
  return `${name}.${SERVICE_TYPE}`;
}

/** A name of our own for the address: the machine's own name belongs to whatever else announces it. */
function hostName({ address, port }: LanService): string {
  return `jamnet-${address.replaceAll('.', '-')}-${port}.local`;
}

function textOf({ apiUrl, version }: LanService): string[] {
  const pairs = ['txtvers=1', ...(apiUrl === null ? [] : [`api=${apiUrl}`]), `version=${version}`];
  return pairs.filter((pair) => Buffer.byteLength(pair) <= TXT_BYTES_MAX);
}

/** Lower case, as DNS compares (RFC 1035 §2.3.3). */
function askedName(question: unknown): string {
  const name = typeof question === 'object' && question !== null && 'name' in question ? question.name : '';
  return typeof name === 'string' ? name.toLowerCase() : '';
}
