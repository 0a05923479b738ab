import { type JoinClaim, limits } from '@jamnet/toast';
import type { PathHub } from '../gateway/path-hub.ts';
import { Http3Connection, type Http3Effect } from '../http3/http3-connection.ts';
import type { WebTransportRequest } from '../http3/request.ts';
import { varint } from '../http3/varint.ts';
import type { PathEnd } from '../packet-path.ts';
import { isDueForRenewal, makeCertificate, type PinnedCertificate } from './certificate.ts';
import { QuicListener } from './quic-listener.ts';
import type { QuicPeer, QuicPeerOwner } from './quic-peer.ts';

/** The one path we serve; the ticket stands in its query. */
export const WEBTRANSPORT_PATH = '/room';
const TICKET_CHARACTERS_MAX = 640;
/** RFC 9000 §16. */
const VARINT_BYTES_MAX = 8;
const RENEWAL_LOOK_MS = 3600_000;

export interface WebTransportServerOptions {
  readonly host: string;
  /** UDP port; 0 lets the system choose. */
  readonly port: number;
  readonly hub: PathHub;
  /** Whether pages of this origin are ours. */
  readonly isOwnOrigin: (origin: string) => boolean;
  /** UTC ms. */
  readonly nowMs: () => number;
  /** Told at start and at each renewal. */
  readonly onCertificate: (certificate: PinnedCertificate) => void;
}

export interface WebTransportServer {
  readonly port: number;
  readonly connections: number;
  close(): Promise<void>;
}

/** WebTransport datagrams for rooms: QUIC, HTTP/3, our origin and path only, a certificate that renews itself. */
export async function startWebTransport(options: WebTransportServerOptions): Promise<WebTransportServer> {
  let certificate = makeCertificate(options.host, options.nowMs());
  const listener = await QuicListener.open({
    host: options.host,
    port: options.port,
    certificate,
    owner: (peer) => new RoomConnection(peer, options),
  });
  options.onCertificate(certificate);
  const timer = setInterval(() => {
    if (!isDueForRenewal(certificate, options.nowMs())) return;
    certificate = makeCertificate(options.host, options.nowMs());
    listener.useCertificate(certificate);
    options.onCertificate(certificate);
  }, RENEWAL_LOOK_MS);
  timer.unref();
  return {
    port: listener.port,
    get connections() {
      return listener.connections;
    },
    close: async () => {
      clearInterval(timer);
      await listener.close();
    },
  };
}

/** One page's connection: HTTP/3 on top of QUIC, and the path that its session is. */
class RoomConnection implements QuicPeerOwner {
  readonly #peer: QuicPeer;
  readonly #options: WebTransportServerOptions;
  readonly #http: Http3Connection;
  readonly #datagram = new Uint8Array(limits.DATAGRAM_BYTES_MAX + VARINT_BYTES_MAX);
  #claim: JoinClaim | null = null;
  #end: PathEnd | null = null;

  constructor(peer: QuicPeer, options: WebTransportServerOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#http = new Http3Connection((request) => this.#admit(request));
  }

  established(): void {
    this.#settle();
  }

  stream(id: number, bytes: Uint8Array, fin: boolean): void {
    this.#http.stream(id, bytes, fin);
    this.#settle();
  }

  aborted(id: number): void {
    this.#http.aborted(id);
    this.#settle();
  }

  datagram(bytes: Uint8Array): void {
    const payload = this.#http.datagram(bytes);
    if (payload !== null) this.#end?.receive(payload);
    this.#settle();
  }

  ended(): void {
    this.#over();
  }

  #admit(request: WebTransportRequest): number {
    const [path = '', query = ''] = request.path.split('?', 2);
    if (path !== WEBTRANSPORT_PATH) return 404;
    if (!this.#options.isOwnOrigin(request.origin)) return 403;
    if (query.length > TICKET_CHARACTERS_MAX + 16) return 400;
    const claim = this.#options.hub.admit(new URLSearchParams(query).get('ticket') ?? '');
    if (!claim.ok) return claim.code === 'paths-full' ? 503 : 403;
    this.#claim = claim.value;
    return 200;
  }

  #settle(): void {
    for (let effect = this.#http.effects.shift(); effect !== undefined; effect = this.#http.effects.shift())
      this.#do(effect);
  }

  #do(effect: Http3Effect): void {
    if (effect.kind === 'write') this.#peer.write(effect.stream, effect.bytes, effect.fin);
    else if (effect.kind === 'reset') this.#peer.reset(effect.stream, effect.code);
    else if (effect.kind === 'fail') this.#peer.close(effect.code, effect.reason);
    else if (effect.kind === 'closed') this.#over();
    else this.#open();
  }

  #open(): void {
    if (this.#claim === null) return;
    const prefix = varint(this.#http.session / 4);
    this.#end = this.#options.hub.open(this.#claim, {
      kind: 'webtransport',
      send: (packet) => {
        // quiche keeps a copy.
        this.#datagram.set(prefix);
        this.#datagram.set(packet, prefix.length);
        return this.#peer.sendDatagram(this.#datagram.subarray(0, prefix.length + packet.length));
      },
      close: (reason) => {
        this.#http.close(0, reason);
        this.#settle();
        this.#peer.flush();
      },
    });
  }

  #over(): void {
    this.#end?.closed();
    this.#end = null;
  }
}
