/**
 * What stands between a player and the internet, in the classic words and in those of RFC 4787 (mapping; filtering):
 * `none`: a public address; `full-cone`: both independent of the other end; `address-restricted`: filters by the other's address;
 * `port-restricted`: by its address and port; `symmetric`: a mapping for each other end as well; `blocked`: lets through nothing but
 * the relay's datagrams.
 */
export const NAT_KINDS = [
  'none',
  'full-cone',
  'address-restricted',
  'port-restricted',
  'symmetric',
  'blocked',
] as const;
export type NatKind = (typeof NAT_KINDS)[number];

/** Idle mappings go after this; RFC 4787 REQ-5 asks for two minutes, common boxes have half a minute. */
const IDLE_US = 30_000_000;
/** Mappings of one box. */
export const MAPPINGS_MAX = 256;
const FIRST_PORT = 20_000;

interface Mapping {
  readonly inside: string;
  /** The other end for which it was made; empty where it serves all. */
  readonly remote: string;
  readonly outside: string;
  /** Where the inside has sent to, and when last. */
  readonly sentTo: Map<string, number>;
  usedUs: number;
}

/** Address translation as a pure table: datagrams' addresses and time in, translated addresses out. */
export class NatBox {
  readonly kind: NatKind;
  readonly #host: string;
  readonly #relay: string;
  readonly #mappings = new Map<string, Mapping>();
  #nextPort = FIRST_PORT;

  /** `host` is its public address, `relay` the address of the one server that a `blocked` box knows. */
  constructor(kind: NatKind, host: string, relay: string) {
    this.kind = kind;
    this.#host = host;
    this.#relay = relay;
  }

  get mappings(): number {
    return this.#mappings.size;
  }

  /** Source address that the internet sees, or `null` when the datagram stays inside. */
  out(nowUs: number, inside: string, to: string): string | null {
    if (this.kind === 'blocked' && to !== this.#relay) return null;
    if (this.kind === 'none') return inside;
    this.#expire(nowUs);
    const remote = this.kind === 'symmetric' ? to : '';
    let mapping: Mapping | undefined;
    for (const each of this.#mappings.values())
      if (each.inside === inside && each.remote === remote) mapping = each;
    if (mapping === undefined) {
      if (this.#mappings.size >= MAPPINGS_MAX) return null;
      const outside = `${this.#host}:${this.#nextPort++}`;
      mapping = { inside, remote, outside, sentTo: new Map(), usedUs: nowUs };
      this.#mappings.set(outside, mapping);
    }
    mapping.usedUs = nowUs;
    mapping.sentTo.set(to, nowUs);
    return mapping.outside;
  }

  /** Whom inside a datagram from the internet reaches, or `null` when it is filtered. */
  in(nowUs: number, from: string, outside: string): string | null {
    if (this.kind === 'none') return outside;
    this.#expire(nowUs);
    const mapping = this.#mappings.get(outside);
    return mapping !== undefined && this.#passes(mapping, from) ? mapping.inside : null;
  }

  #passes(mapping: Mapping, from: string): boolean {
    if (this.kind === 'full-cone') return true;
    if (this.kind === 'address-restricted')
      return [...mapping.sentTo.keys()].some((to) => hostOf(to) === hostOf(from));
    return mapping.sentTo.has(from);
  }

  #expire(nowUs: number): void {
    for (const [outside, mapping] of this.#mappings)
      if (nowUs - mapping.usedUs > IDLE_US) this.#mappings.delete(outside);
  }

  /** The line came back with other ports: what was known of this box from outside holds no more. */
  rebind(): void {
    this.#mappings.clear();
  }
}

/** Whether two players behind such boxes can be brought together by a rendezvous alone, without guessing ports. */
export function canPunch(a: NatKind, b: NatKind): boolean {
  if (a === 'blocked' || b === 'blocked') return false;
  const isHard = (kind: NatKind): boolean => kind === 'symmetric' || kind === 'port-restricted';
  return !(isHard(a) && isHard(b) && (a === 'symmetric' || b === 'symmetric'));
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
