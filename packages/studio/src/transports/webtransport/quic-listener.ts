import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Failure } from '@jamnet/base';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config } from '@matrixai/quic/native/types.js';
import { AddressProof } from './address-proof.ts';
import type { PinnedCertificate } from './certificate.ts';
import { QuicPeer, type QuicPeerOwner } from './quic-peer.ts';

/** Connections at once, unfinished handshakes included. */
export const CONNECTIONS_MAX = 320;
/** Unfinished handshakes from which on a newcomer must show first that it can be reached (RFC 9000 §8.1.2): until then joining costs no turn more. */
export const UNPROVED_MAX = 16;
const SOCKET_BUFFER_BYTES = 4 << 20;
const UDP_BYTES_MAX = 1350;
const IDLE_MS = 10_000;
/** Datagrams waiting inside QUIC each way: 85 ms of four players at 750 packets a second. Older ones are not worth sending. */
const DATAGRAMS_QUEUED = 256;
const STREAM_BYTES = 64 * 1024;
const STREAMS_BIDI = 8;
const STREAMS_UNI = 8;

export interface QuicListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly certificate: PinnedCertificate;
  readonly owner: (peer: QuicPeer) => QuicPeerOwner;
}

/**
 * QUIC over one UDP socket by the native `quiche` that @matrixai/quic brings, without its classes: packets go in and out in the
 * same turn of the event loop, and nothing waits for a lock.
 */
export class QuicListener {
  readonly #socket: Socket;
  readonly #options: QuicListenerOptions;
  readonly #byId = new Map<string, QuicPeer>();
  readonly #peers = new Map<QuicPeer, string[]>();
  #config: Config;
  readonly #proof = new AddressProof(randomBytes(32));
  #refused = 0;
  #isClosed = false;

  private constructor(socket: Socket, options: QuicListenerOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#config = configOf(options.certificate);
    socket.on('message', (packet, from) => this.#take(packet, from.address, from.port));
    socket.on('error', () => undefined);
  }

  static async open(options: QuicListenerOptions): Promise<QuicListener> {
    const family = options.host.includes(':') ? 6 : 4;
    // Peers are addresses already: the resolver's turn would come once per packet.
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      lookup: (host, _, done) => done(null, host, family),
    });
    const listening = once(socket, 'listening');
    socket.bind(options.port, options.host);
    try {
      await listening;
    } catch (cause) {
      throw new Failure('quic-port-unavailable', `UDP ${options.host}:${options.port} cannot be opened.`, {
        cause,
      });
    }
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    return new QuicListener(socket, options);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get connections(): number {
    return this.#peers.size;
  }

  get refused(): number {
    return this.#refused;
  }

  /** For connections that begin from now on. */
  useCertificate(certificate: PinnedCertificate): void {
    this.#config = configOf(certificate);
  }

  async close(): Promise<void> {
    for (const peer of [...this.#peers.keys()]) peer.close(0x100, 'the studio ends');
    this.#isClosed = true;
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #take(packet: Buffer, host: string, port: number): void {
    const peer = this.#byId.get(shortIdOf(packet)) ?? this.#peerOfLong(packet, host, port);
    peer?.receive(packet, { host, port });
  }

  #peerOfLong(packet: Uint8Array, host: string, port: number): QuicPeer | null {
    const header = headerOf(packet);
    if (header === null) return null;
    return this.#byId.get(textOf(header.dcid)) ?? this.#accept(packet, header, host, port);
  }

  #accept(
    packet: Uint8Array,
    header: NonNullable<ReturnType<typeof headerOf>>,
    host: string,
    port: number,
  ): QuicPeer | null {
    // RFC 9000 §14.1: a client's first datagram is padded, so that an answer does not amplify.
    if (header.ty !== quiche.Type.Initial || packet.length < quiche.MIN_CLIENT_INITIAL_LEN) return null;
    if (!quiche.versionIsSupported(header.version)) {
      const out = new Uint8Array(UDP_BYTES_MAX);
      const length = quiche.negotiateVersion(header.scid, header.dcid, out);
      this.#send(out.subarray(0, length), port, host);
      return null;
    }
    if (this.#peers.size >= CONNECTIONS_MAX) {
      this.#refused++;
      return null;
    }
    const token = header.token ?? new Uint8Array(0);
    if (token.length === 0 && this.#unproved() >= UNPROVED_MAX) {
      this.#retry(header, host, port);
      return null;
    }
    const place = { host, port, newId: header.dcid };
    const firstId = token.length === 0 ? null : this.#proof.check(token, place, performance.now());
    if (token.length > 0 && firstId === null) {
      this.#refused++;
      return null;
    }
    // After a Retry the client goes to the identifier that we chose there.
    const id = firstId === null ? randomBytes(quiche.MAX_CONN_ID_LEN) : header.dcid;
    const local = { host: this.#options.host, port: this.port };
    const connection = quiche.Connection.accept(id, firstId, local, { host, port }, this.#config);
    const peer: QuicPeer = new QuicPeer(connection, local, {
      send: (bytes, to) => this.#send(bytes, to.port, to.host),
      ended: () => this.#forget(peer),
    });
    const ids = [textOf(id), textOf(header.dcid)];
    for (const each of ids) this.#byId.set(each, peer);
    this.#peers.set(peer, ids);
    peer.serve(this.#options.owner(peer));
    return peer;
  }

  /** Connections whose handshake is not through: among them are those whose sender is not where it says. */
  #unproved(): number {
    let count = 0;
    for (const peer of this.#peers.keys()) if (!peer.isEstablished) count++;
    return count;
  }

  /** Shorter than what it answers, and nothing is kept of it. */
  #retry(header: NonNullable<ReturnType<typeof headerOf>>, host: string, port: number): void {
    const newId = randomBytes(quiche.MAX_CONN_ID_LEN);
    const token = this.#proof.issue({ host, port, newId }, header.dcid, performance.now());
    const out = new Uint8Array(UDP_BYTES_MAX);
    const length = quiche.retry(header.scid, header.dcid, newId, token, header.version, out);
    this.#send(out.subarray(0, length), port, host);
  }

  #forget(peer: QuicPeer): void {
    for (const id of this.#peers.get(peer) ?? []) this.#byId.delete(id);
    this.#peers.delete(peer);
  }

  #send(bytes: Uint8Array, port: number, host: string): void {
    if (!this.#isClosed) this.#socket.send(bytes, port, host, () => undefined);
  }
}

function headerOf(packet: Uint8Array) {
  try {
    return quiche.Header.fromSlice(packet, quiche.MAX_CONN_ID_LEN);
  } catch {
    return null; // noise
  }
}

/** RFC 9000 §17.3: after the handshake a packet begins with one byte and the identifier that we chose; '' for any other. */
function shortIdOf(packet: Buffer): string {
  const isShort = ((packet[0] ?? 0x80) & 0x80) === 0;
  return isShort ? packet.toString('latin1', 1, 1 + quiche.MAX_CONN_ID_LEN) : '';
}

/** An identifier as a key: one character a byte. */
function textOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('latin1');
}

function configOf(certificate: PinnedCertificate): Config {
  const encode = (pem: string) => Buffer.from(pem);
  const config = quiche.Config.withBoringSslCtx(
    false,
    false,
    null,
    [encode(certificate.privateKeyPem)],
    [encode(certificate.certificatePem)],
    null,
  );
  config.setApplicationProtos(['h3']);
  config.setMaxIdleTimeout(IDLE_MS);
  config.setMaxRecvUdpPayloadSize(UDP_BYTES_MAX);
  config.setMaxSendUdpPayloadSize(UDP_BYTES_MAX);
  config.setInitialMaxData(4 * STREAM_BYTES);
  config.setInitialMaxStreamDataBidiLocal(STREAM_BYTES);
  config.setInitialMaxStreamDataBidiRemote(STREAM_BYTES);
  config.setInitialMaxStreamDataUni(STREAM_BYTES);
  config.setInitialMaxStreamsBidi(STREAMS_BIDI);
  config.setInitialMaxStreamsUni(STREAMS_UNI);
  config.setDisableActiveMigration(true);
  config.enableDgram(true, DATAGRAMS_QUEUED, DATAGRAMS_QUEUED);
  // Loss is not congestion here: BBR goes by what arrives, so 1 % of loss does not shut the window.
  config.setCcAlgorithm(quiche.CongestionControlAlgorithm.BBR);
  config.enablePacing(false);
  return config;
}
