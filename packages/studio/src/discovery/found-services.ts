import { isIPv4 } from 'node:net';
import { cleanText, type LanService, originOf } from './lan-service.ts';
import { SERVICE_TYPE } from './service-records.ts';

/** Services remembered; more than a local network has, and all that somebody who makes names up can make us hold. */
export const SERVICES_MAX = 64;
/** Records of one packet that are read; an honest answer has five. */
export const RECORDS_READ_MAX = 256;
const SUFFIX = `.${SERVICE_TYPE}`;

/** Any packet: what the network sent, as the library decoded it. */
export interface HeardPacket {
  readonly answers?: unknown;
  readonly additionals?: unknown;
}

interface HeardRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: unknown;
}

/** The services that answered. Nothing that a packet holds throws; what is malformed is passed over. */
export class FoundServices {
  readonly #services = new Map<string, LanService>();
  #turnedAway = 0;

  /** Takes a response in. `from`: the sender's address, which stands in where no address record came. */
  hear(packet: HeardPacket, from: string): void {
    const records = [...recordsIn(packet.answers), ...recordsIn(packet.additionals)].slice(
      0,
      RECORDS_READ_MAX,
    );
    for (const record of records) {
      if (record.type !== 'SRV' || !record.name.toLowerCase().endsWith(SUFFIX)) continue;
      const service = serviceOf(record, records, from);
      if (service !== null) this.#keep(service, record.ttl === 0);
    }
  }

  /** By name, then address and port. */
  list(): LanService[] {
    const keyed = [...this.#services.entries()];
    return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, service]) => service);
  }

  /** Answers for which there was no room any more. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  #keep(service: LanService, isLeaving: boolean): void {
    const key = `${service.name} ${service.address} ${service.port}`;
    if (isLeaving) this.#services.delete(key);
    else if (this.#services.has(key) || this.#services.size < SERVICES_MAX) this.#services.set(key, service);
    else this.#turnedAway += 1;
  }
}

function serviceOf(srv: HeardRecord, records: readonly HeardRecord[], from: string): LanService | null {
  const { port, target } = fieldsOf(srv.data);
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const name = cleanText(srv.name.slice(0, -SUFFIX.length));
  if (name === '') return null;
  const host = sameName(records, 'A', target).find(({ data }) => typeof data === 'string' && isIPv4(data));
  const text = textIn(sameName(records, 'TXT', srv.name)[0]?.data);
  return {
    name,
    address: host === undefined ? cleanText(from) : String(host.data),
    port,
    apiUrl: originOf(text.get('api') ?? ''),
    version: cleanText(text.get('version') ?? '', 32),
  };
}

function sameName(records: readonly HeardRecord[], type: string, name: unknown): HeardRecord[] {
  if (typeof name !== 'string') return [];
  const wanted = name.toLowerCase();
  return records.filter((record) => record.type === type && record.name.toLowerCase() === wanted);
}

function recordsIn(section: unknown): HeardRecord[] {
  if (!Array.isArray(section)) return [];
  return section.slice(0, RECORDS_READ_MAX).flatMap((entry: unknown) => {
    const { name, type, ttl, data } = fieldsOf(entry);
    if (typeof name !== 'string' || typeof type !== 'string') return [];
    return [{ name, type, ttl: typeof ttl === 'number' ? ttl : 0, data }];
  });
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // each field is checked where it is used
}

/** The pairs of a TXT record; the first of a key counts (RFC 6763 §6.4). */
function textIn(data: unknown): Map<string, string> {
  const strings: unknown[] = Array.isArray(data) ? data : [data];
  const pairs = new Map<string, string>();
  for (const entry of strings.slice(0, RECORDS_READ_MAX)) {
    const line = entry instanceof Uint8Array ? new TextDecoder().decode(entry) : entry;
    const at = typeof line === 'string' ? line.indexOf('=') : -1;
    if (typeof line !== 'string' || at < 1) continue;
    const key = line.slice(0, at).toLowerCase();
    if (!pairs.has(key)) pairs.set(key, line.slice(at + 1));
  }
  return pairs;
}
