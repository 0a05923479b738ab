import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { concatBytes } from '@jamnet/base';
import { HEADER_BYTES, HOP_TAG_BYTES, limits, PACKET_TYPE, splitToken } from '@jamnet/toast';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueJoinToken } from '../../relay/join-token.ts';
import { PACKETS_BURST, PATHS_PER_PLAYER_MAX, PathHub } from '../gateway/path-hub.ts';

/** A page without a browser. */
export interface TestPage {
  send(packet: Uint8Array): void;
  close(): Promise<void>;
}

/** One way under test: how it is served, and how a page opens it; `null` when it is refused. */
export interface PathUnderTest {
  /** Whether a packet longer than TOAST's can travel at all. */
  readonly bearsOversized: boolean;
  serve(hub: PathHub): Promise<{
    connect(ticket: string, onPacket: (packet: Uint8Array) => void): Promise<TestPage | null>;
    close(): Promise<void>;
  }>;
}

const TOKEN_KEY = new Uint8Array(32).fill(7);

function packet(bytes: number, sequence = 0): Uint8Array {
  const bodyBytes = bytes - HEADER_BYTES - HOP_TAG_BYTES;
  const made = new Uint8Array(bytes).map((_, i) => (i * 31 + sequence) & 255);
  // Magic, version, type audio, stream 3, no flags; epoch, sequence and time are any; then the body's length.
  made.set([0x54, 0x4f, 0x53, 0x54, 3, PACKET_TYPE.audio, 3, 0]);
  made.set(
    [
      0,
      0,
      0,
      9,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      sequence & 255,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      bodyBytes >> 8,
      bodyBytes & 255,
      0,
      0,
    ],
    8,
  );
  return made;
}

function ticketOf(player: string, expiresAtUs = 2 ** 52): string {
  const token = issueJoinToken(TOKEN_KEY, { room: 'attic', player, expiresAtUs });
  const parts = token.ok ? splitToken(token.value) : token;
  return parts.ok ? parts.value.wire : '';
}

/** What every way for packets must do; the relay is a socket that can be looked into. */
export function describePacketPath(name: string, path: PathUnderTest): void {
  describe(`packets over ${name}`, () => {
    let relay: Socket;
    let hub: PathHub;
    let nowUs = 0;
    let served: Awaited<ReturnType<PathUnderTest['serve']>>;
    const arrived: { bytes: Uint8Array; port: number }[] = [];
    const pages: TestPage[] = [];

    beforeEach(async () => {
      arrived.length = 0;
      relay = createSocket('udp4');
      relay.bind(0, '127.0.0.1');
      await once(relay, 'listening');
      relay.setRecvBufferSize(4 << 20);
      relay.on('message', (bytes, from) => arrived.push({ bytes, port: from.port }));
      nowUs = 1e9;
      hub = new PathHub({
        relay: { host: '127.0.0.1', port: relay.address().port },
        tokenKey: TOKEN_KEY,
        nowUs: () => nowUs,
      });
      served = await path.serve(hub);
    });

    afterEach(async () => {
      await Promise.all(pages.splice(0).map((page) => page.close()));
      hub.close('over');
      await served.close();
      relay.close();
    });

    async function open(
      player: string,
      onPacket: (bytes: Uint8Array) => void = () => undefined,
    ): Promise<TestPage> {
      const page = await served.connect(ticketOf(player), onPacket);
      if (page === null) throw new Error(`${player} was refused`);
      pages.push(page);
      return page;
    }

    /** Sends until one came: the first may meet a socket that is not open yet, as on any network. */
    async function reach(page: TestPage, bytes: Uint8Array): Promise<{ bytes: Uint8Array; port: number }> {
      const from = arrived.length;
      const sendAndCount = (): number => {
        page.send(bytes);
        return arrived.length;
      };
      await expect.poll(sendAndCount, { timeout: 20_000 }).toBeGreaterThan(from);
      const found = arrived[from];
      if (found === undefined) throw new Error('nothing arrived');
      return found;
    }

    test('carries packets of every size both ways, byte for byte, each page from an address of its own', async () => {
      const heard: Uint8Array[] = [];
      const ada = await open('Ada', (bytes) => heard.push(bytes.slice()));
      const bo = await open('Bo');
      const sizes = [HEADER_BYTES + HOP_TAG_BYTES, 200, 842, 1150];
      for (const size of sizes) {
        const seen = await reach(ada, packet(size, size));
        expect(Buffer.from(seen.bytes).equals(packet(size, size))).toBe(true);
        const before = heard.length;
        relay.send(packet(size, size + 1), seen.port, '127.0.0.1');
        await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(before);
        expect(Buffer.from(heard[before] ?? new Uint8Array(0)).equals(packet(size, size + 1))).toBe(true);
      }
      const ofBo = await reach(bo, packet(300));
      expect(arrived.some(({ port }) => port !== ofBo.port)).toBe(true);
      expect(hub.paths).toBe(2);
    });

    test('drops and counts what is no packet or too long, and goes on', async () => {
      const ada = await open('Ada');
      await reach(ada, packet(200));
      ada.send(new Uint8Array(100));
      if (path.bearsOversized) ada.send(concatBytes(packet(limits.DATAGRAM_BYTES_MAX), new Uint8Array(1)));
      await expect
        .poll(() => hub.counters.malformed + hub.counters.oversized, { timeout: 20_000 })
        .toBe(path.bearsOversized ? 2 : 1);
      expect(hub.counters.oversized).toBe(path.bearsOversized ? 1 : 0);
      await reach(ada, packet(201));
      expect(arrived.every(({ bytes }) => bytes.length === 200 || bytes.length === 201)).toBe(true);
    });

    test('a flood of one page is cut to its share and counted; another page’s packets pass', async () => {
      const ada = await open('Ada');
      const bo = await open('Bo');
      await reach(ada, packet(200));
      await expect
        .poll(
          () => {
            for (let i = 0; i < 200; i++) ada.send(packet(60, i));
            return hub.counters.rateLimited;
          },
          { timeout: 40_000, interval: 5 },
        )
        .toBeGreaterThan(0);
      expect(hub.counters.toRelay).toBeLessThanOrEqual(PACKETS_BURST);
      await reach(bo, packet(333));
    });

    test('refuses a forged, an expired and a missing ticket, and more paths of one player than the limit', async () => {
      const good = ticketOf('Ada');
      const forged = `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`;
      for (const ticket of [forged, ticketOf('Ada', 1), ''])
        expect(await served.connect(ticket, () => undefined)).toBeNull();
      expect(hub.counters.refusedTicket).toBe(3);
      for (let i = 0; i < PATHS_PER_PLAYER_MAX; i++) await reach(await open('Ada'), packet(100));
      expect(await served.connect(good, () => undefined)).toBeNull();
      expect(hub.counters.refusedFull).toBe(1);
    });

    test('a page that goes away is forgotten', async () => {
      const ada = await open('Ada');
      await reach(ada, packet(100));
      pages.splice(0);
      await ada.close();
      await expect.poll(() => hub.paths, { timeout: 20_000 }).toBe(0);
      expect(hub.counters.closed).toBe(1);
    });
  });
}

/** An HTTP server on a free port, for ways that begin with HTTP. */
export async function openHttp(): Promise<{ server: ReturnType<typeof createServer>; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The address of a listening TCP server.
  return { server, port: (server.address() as AddressInfo).port };
}
