import { createSocket, type Socket } from 'node:dgram';
import { ok, type Result, refuse } from '@jamnet/base';
import { decodeHeader, type JoinClaim, limits, verifyWireToken } from '@jamnet/toast';
import { nodeHopCrypto } from '../../relay/node-hop-crypto.ts';
import type { PacketPath, PathEnd } from '../packet-path.ts';
import { Allowance } from './allowance.ts';
import { newPathCounters, type PathCounters } from './path-counters.ts';

/** Pages bridged at once, and paths of one player: the old one of a reload lives until its carrier notices. */
export const PATHS_MAX = 256;
export const PATHS_PER_PLAYER_MAX = 3;
/** Packets of one page per second, and at once after a stall: four times what 64-frame packets need. */
export const PACKETS_PER_SECOND = 3000;
export const PACKETS_BURST = 3000;
/** Asked of the kernel, which may give less. */
const SOCKET_BUFFER_BYTES = 1 << 20;

export type PathCode = 'ticket-refused' | 'paths-full';

export interface PathHubOptions {
  readonly relay: { readonly host: string; readonly port: number };
  /** Shared with the studio that issues join tokens. */
  readonly tokenKey: Uint8Array;
  /** UTC µs. */
  readonly nowUs: () => number;
}

/**
 * Bridges pages to the relay: each page has a UDP socket of its own towards it, so that the relay sees pages as it sees
 * native peers and judges them by the same rules. A path opens only for the holder of a join token.
 */
export class PathHub {
  readonly counters: PathCounters = newPathCounters();
  readonly #options: PathHubOptions;
  readonly #paths = new Map<PacketPath, { socket: Socket; player: string }>();

  constructor(options: PathHubOptions) {
    this.#options = options;
  }

  get paths(): number {
    return this.#paths.size;
  }

  /** Checks the travelling part of a join token. */
  admit(ticket: string): Result<JoinClaim, PathCode> {
    const token = verifyWireToken(nodeHopCrypto, this.#options.tokenKey, ticket, this.#options.nowUs());
    if (!token.ok) {
      this.counters.refusedTicket++;
      return refuse('ticket-refused', token.message);
    }
    const player = playerOf(token.value.claim);
    const own = [...this.#paths.values()].filter((path) => path.player === player).length;
    if (this.#paths.size >= PATHS_MAX || own >= PATHS_PER_PLAYER_MAX) {
      this.counters.refusedFull++;
      return refuse('paths-full', 'Too many pages are connected: close one and try again.');
    }
    return ok(token.value.claim);
  }

  /** Bridges an admitted page until either side closes. */
  open(claim: JoinClaim, path: PacketPath): PathEnd {
    const { host, port } = this.#options.relay;
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    this.#paths.set(path, { socket, player: playerOf(claim) });
    this.counters.opened++;
    let isReady = false;
    socket.connect(port, host, () => {
      if (!this.#paths.has(path)) return; // closed meanwhile
      isReady = true;
      socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
      socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    });
    // A relay that restarts answers with ICMP errors for a while: the page's session notices and joins again.
    socket.on('error', () => undefined);
    socket.on('message', (packet) => {
      if (path.send(packet)) this.counters.toPage++;
      else this.counters.pageFull++;
    });
    const allowance = new Allowance(PACKETS_PER_SECOND, PACKETS_BURST);
    return {
      receive: (packet) => {
        if (!isReady || !this.#paths.has(path) || !this.#isLawful(packet)) return;
        if (allowance.take(this.#options.nowUs())) {
          this.counters.toRelay++;
          socket.send(packet, () => undefined);
        } else this.counters.rateLimited++;
      },
      closed: () => this.#closed(path),
    };
  }

  close(reason: string): void {
    for (const path of [...this.#paths.keys()]) {
      path.close(reason);
      this.#closed(path);
    }
  }

  #isLawful(packet: Uint8Array): boolean {
    if (packet.length > limits.DATAGRAM_BYTES_MAX) this.counters.oversized++;
    else if (!decodeHeader(packet).ok) this.counters.malformed++;
    else return true;
    return false;
  }

  #closed(path: PacketPath): void {
    const known = this.#paths.get(path);
    if (known === undefined) return;
    this.#paths.delete(path);
    this.counters.closed++;
    known.socket.close();
  }
}

function playerOf(claim: JoinClaim): string {
  return `${claim.room}\n${claim.player}`;
}
