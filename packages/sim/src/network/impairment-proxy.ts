import { present } from '@jamnet/base';
import {
  DelayHistogram,
  openUdpPort,
  runPorts,
  STOP,
  type UdpHandler,
  type UdpPort,
  type UdpPortKind,
} from '@jamnet/jambox';
import { DelayQueue } from './delay-queue.ts';
import { Impairment, type ImpairmentOptions } from './impairment.ts';

/** Addresses of peers behind one proxy; datagrams of further ones are dropped. */
const CLIENTS_MAX = 24;
const LOOK_EVERY_US = 20_000;

export interface ImpairmentProxyOptions extends ImpairmentOptions {
  readonly host: string;
  readonly port: number;
  readonly relay: { readonly host: string; readonly port: number };
  readonly udp?: UdpPortKind;
}

/**
 * Stands between peers and a relay: peers send to the front port, and each has an outer port of its own, at which the relay and the
 * other peers see it. What one peer sends to another's outer port comes to that one from the sender's outer port, as through a NAT
 * in front of each peer. Each packet meets the trace of its link once, whichever way it takes.
 */
export class ImpairmentProxy implements UdpHandler {
  readonly impairment: Impairment;
  /** How long datagrams lay in the kernel before this process read them. */
  readonly waited = new DelayHistogram();
  /** The front, then the outer ports, given to peers in the order in which they come. */
  readonly #ports: readonly UdpPort[];
  readonly #front: UdpPort;
  readonly #relayAddress: string;
  readonly #clients: string[] = [];
  readonly #queue = new DelayQueue();
  readonly #isStopAsked: () => boolean;

  static async open(options: ImpairmentProxyOptions, isStopAsked: () => boolean): Promise<ImpairmentProxy> {
    const front = await openUdpPort(
      { host: options.host, port: options.port, arrivalTimes: true },
      options.udp,
    );
    const outer = { host: options.host, port: 0, batch: 32, queue: 64, arrivalTimes: true };
    const ports = [front];
    for (let i = 0; i < CLIENTS_MAX; i++) ports.push(await openUdpPort(outer, options.udp));
    return new ImpairmentProxy(options, front, ports, isStopAsked);
  }

  private constructor(
    options: ImpairmentProxyOptions,
    front: UdpPort,
    ports: readonly UdpPort[],
    isStopAsked: () => boolean,
  ) {
    this.impairment = new Impairment(options);
    this.#front = front;
    this.#ports = ports;
    this.#relayAddress = `${options.relay.host}:${options.relay.port}`;
    this.#isStopAsked = isStopAsked;
  }

  get port(): number {
    return this.#front.port;
  }

  get udp(): UdpPortKind {
    return this.#front.kind;
  }

  async run(): Promise<void> {
    await runPorts([...this.#ports], this);
    for (const port of this.#ports) port.close();
  }

  datagram(nowUs: number, bytes: Uint8Array, from: string, port: UdpPort): void {
    this.waited.add(port.waitedUs);
    if (port === this.#front) this.#up(bytes, from);
    else {
      const client = this.#clients[this.#ports.indexOf(port) - 1];
      if (client === undefined) return;
      if (from === this.#relayAddress) this.#down(nowUs, bytes, client, 0);
      else this.#straight(nowUs, bytes, from, client);
    }
  }

  #up(bytes: Uint8Array, client: string): void {
    let place = this.#clients.indexOf(client);
    if (place < 0) {
      if (this.#clients.length === CLIENTS_MAX) return;
      place = this.#clients.push(client) - 1;
    }
    this.impairment.up(client, bytes);
    this.#ports[place + 1]?.send(bytes, this.#relayAddress);
  }

  /** From one peer to another: nobody but those who joined through here is let in. */
  #straight(nowUs: number, bytes: Uint8Array, from: string, client: string): void {
    const place = this.#clients.indexOf(from);
    if (place < 0) return;
    this.impairment.up(from, bytes);
    this.#down(nowUs, bytes, client, place + 1);
  }

  #down(nowUs: number, bytes: Uint8Array, client: string, port: number): void {
    const delayMs = this.impairment.down(client, bytes);
    if (delayMs === 0) present(this.#ports[port], 'a port').send(bytes, client);
    else if (delayMs > 0 && !this.#queue.put(nowUs + delayMs * 1000, bytes, client, port))
      this.impairment.counters.overflowed++;
  }

  wake(nowUs: number): number {
    for (let due = this.#queue.take(nowUs); due !== null; due = this.#queue.take(nowUs))
      this.#ports[due.port]?.send(due.bytes, due.to);
    return this.#isStopAsked() ? STOP : Math.min(this.#queue.nextUs, nowUs + LOOK_EVERY_US);
  }
}
