import { Failure } from '@jamnet/base';
import { splitToken } from '@jamnet/toast';
import type { Page } from 'playwright-core';
import { issueJoinToken } from '../../relay/join-token.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/gateway-process.ts';
import { PATH_KINDS, type PathKind } from '../packet-path.ts';
import { WEBSOCKET_PATH } from '../websocket/websocket-server.ts';
import { WEBTRANSPORT_PATH } from '../webtransport/webtransport-server.ts';
import { type BenchChild, startBenchChild } from './bench-child.ts';
import { type BenchServer, openBenchServer } from './bench-server.ts';
import type { BenchBrowser } from './chromium.ts';
import { type LinkShape, TUN_ADDRESS } from './link-options.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';

const HOST = '127.0.0.1';
const TOKEN_KEY = new Uint8Array(32).fill(1);
/** As in the measurements that the goals come from: 64 frames of 16 bits and what goes with them. */
const PACKET_BYTES = 200;

const LINKS = {
  loopback: { fixedMs: 0, jitterMs: 0, loss: 0 },
  delay10: { fixedMs: 10, jitterMs: 0, loss: 0 },
  delay10jitter2loss1: { fixedMs: 10, jitterMs: 2, loss: 0.01 },
} as const satisfies Readonly<Record<string, LinkShape>>;
export type LinkName = keyof typeof LINKS;
export const BROWSER_LINKS = Object.keys(LINKS) as readonly LinkName[]; // the keys of the table above

export interface RoundTripRow {
  readonly path: PathKind;
  readonly link: LinkName;
  readonly sent: number;
  readonly returned: number;
  /** Packets that the carrier had no room for. */
  readonly refused: number;
  readonly roundTripMs: Quantiles;
  /** Datagrams that the link carried, up and down, and dropped; null without one. */
  readonly linkDatagrams: { readonly up: number; readonly down: number; readonly dropped: number } | null;
  readonly packetFrames: number;
}

export interface AbsentRow {
  readonly path: PathKind;
  readonly link: LinkName;
  readonly absent: string;
}

export interface RoundTripOptions {
  readonly webDirectory: string;
  readonly seconds: number;
  readonly links: readonly LinkName[];
  readonly paths?: readonly PathKind[];
  readonly seed: string;
  readonly onRow: (row: RoundTripRow | AbsentRow) => void;
}

/** What the bench's page answers: `apps/web/src/live-room/bench/bench-messages.ts`. */
interface EchoResult {
  readonly sent: number;
  readonly refused: number;
  readonly roundTripsMs: readonly number[];
  readonly quantumFrames: number;
}

/** From a page's worker over each way through the gateway to an echo in the relay's place and back, 750 packets a second. */
export async function benchRoundTrips(
  { browser }: BenchBrowser,
  options: RoundTripOptions,
): Promise<readonly (RoundTripRow | AbsentRow)[]> {
  const echo = await startBenchChild('./udp-echo-main.ts', {});
  const server = await openBenchServer(options.webDirectory);
  const relay = { host: HOST, port: echo.port };
  const gateway = await startGatewayProcess({
    host: HOST,
    server: server.server,
    relay,
    tokenKey: TOKEN_KEY,
  });
  const rows: (RoundTripRow | AbsentRow)[] = [];
  try {
    for (const link of options.links)
      for (const path of options.paths ?? PATH_KINDS) {
        const page = await browser.newPage();
        const row = await new OneRow(page, server, gateway, options).measure(path, link);
        await page.close();
        rows.push(row);
        options.onRow(row);
      }
  } finally {
    await gateway.stop();
    server.close();
    await echo.stop();
  }
  return rows;
}

class OneRow {
  readonly #page: Page;
  readonly #server: BenchServer;
  readonly #gateway: GatewayProcess;
  readonly #options: RoundTripOptions;
  #link: BenchChild | null = null;

  constructor(page: Page, server: BenchServer, gateway: GatewayProcess, options: RoundTripOptions) {
    this.#page = page;
    this.#server = server;
    this.#gateway = gateway;
    this.#options = options;
  }

  async measure(path: PathKind, link: LinkName): Promise<RoundTripRow | AbsentRow> {
    const webTransport = this.#gateway.webTransport();
    if (path === 'webtransport' && webTransport === null)
      return { path, link, absent: 'the UDP port of the page was taken' };
    try {
      const absent = path === 'websocket' && link !== 'loopback' ? await this.#openBelowTcp(link) : '';
      if (absent !== '') return { path, link, absent };
      const socketHost = path === 'websocket' && link !== 'loopback' ? TUN_ADDRESS.far : HOST;
      const port = webTransport?.port ?? 0;
      const quicPort = path === 'webtransport' && link !== 'loopback' ? await this.#open(link, port) : port;
      this.#server.signal = async (ticket, sdp) => await this.#signal(link, ticket, sdp);
      await this.#page.goto(`http://${HOST}:${this.#server.port}/bench.html`);
      const seen = await this.#ask({
        kind: path,
        ticket: ticketOf(`${path} ${link}`),
        webTransportUrl: `https://${HOST}:${quicPort}${WEBTRANSPORT_PATH}`,
        sha256Base64: webTransport?.sha256Base64 ?? '',
        socketUrl: `ws://${socketHost}:${this.#server.port}${WEBSOCKET_PATH}`,
        seconds: this.#options.seconds,
        packetBytes: PACKET_BYTES,
      });
      const { up, down, dropped } = { up: 0, down: 0, dropped: 0, ...this.#link?.last() };
      return {
        path,
        link,
        sent: seen.sent,
        returned: seen.roundTripsMs.length,
        refused: seen.refused,
        roundTripMs: quantilesOf(seen.roundTripsMs),
        linkDatagrams: this.#link === null ? null : { up, down, dropped },
        packetFrames: seen.quantumFrames,
      };
    } finally {
      await this.#link?.stop();
    }
  }

  async #ask(wish: object): Promise<EchoResult> {
    // The function of bench-main.ts, which loads as a module.
    await this.#page.waitForFunction('typeof measureEcho === "function"');
    return (await this.#page.evaluate(`measureEcho(${JSON.stringify(wish)})`)) as EchoResult;
  }

  /** For TCP; answers why there is none. */
  async #openBelowTcp(link: LinkName): Promise<string> {
    const { seed } = this.#options;
    const options = { seed, serverPort: this.#server.port, ...LINKS[link] };
    this.#link = await startBenchChild('./tun-link-main.ts', options);
    if (this.#link.refused !== '')
      return `a bad link below TCP needs root and a TUN device: ${this.#link.refused}`;
    await this.#server.alsoOn(TUN_ADDRESS.near);
    return '';
  }

  async #open(link: LinkName, port: number): Promise<number> {
    const { seed } = this.#options;
    const target = { host: HOST, port };
    this.#link = await startBenchChild('./udp-link-main.ts', { host: HOST, target, seed, ...LINKS[link] });
    return this.#link.port;
  }

  /** With a link in between, each side is told of it alone: neither learns of a shorter way. */
  async #signal(link: LinkName, ticket: string, sdp: string): Promise<{ status: number; body: unknown }> {
    if (link === 'loopback') return await this.#gateway.offer(ticket, sdp);
    const answered = await this.#gateway.offer(ticket, sdp.replace(/^a=candidate:.*\r\n/gm, ''));
    const { sdp: answer = '' } = answered.body as { sdp?: string }; // our own gateway's answer
    const port = Number(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host/im.exec(answer)?.[1] ?? 0);
    const linkPort = await this.#open(link, port);
    return {
      ...answered,
      body: {
        sdp: answer.replace(
          /^(a=candidate:\S+ 1 UDP \d+) \S+ \d+ (typ host)/gim,
          `$1 ${HOST} ${linkPort} $2`,
        ),
      },
    };
  }
}

function ticketOf(player: string): string {
  const token = issueJoinToken(TOKEN_KEY, { room: 'bench', player, expiresAtUs: 2 ** 52 });
  const parts = token.ok ? splitToken(token.value) : token;
  if (!parts.ok) throw new Failure(parts.code, parts.message);
  return parts.value.wire;
}
