import datachannel from 'node-datachannel';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { serveDataChannels } from './data-channel/data-channel-server.ts';
import { PathHub } from './gateway/path-hub.ts';
import { describePacketPath, openHttp, type TestPage } from './testing/packet-path.suite.ts';
import { connectWebTransport } from './testing/quic-client.ts';
import { serveWebSockets, WEBSOCKET_PATH } from './websocket/websocket-server.ts';
import { startWebTransport, WEBTRANSPORT_PATH } from './webtransport/webtransport-server.ts';

const HOST = '127.0.0.1';
const ORIGIN = 'http://127.0.0.1:8440';

describePacketPath('WebTransport', {
  bearsOversized: true,
  serve: async (hub) => {
    const server = await startWebTransport({
      host: HOST,
      port: 0,
      hub,
      isOwnOrigin: (origin) => origin === ORIGIN,
      nowMs: () => Date.now(),
      onCertificate: () => undefined,
    });
    return {
      connect: async (ticket, onPacket) => {
        const path = `${WEBTRANSPORT_PATH}?ticket=${encodeURIComponent(ticket)}`;
        const client = await connectWebTransport(server.port, { path, origin: ORIGIN }, onPacket);
        if (client.status === 200) return client;
        await client.close();
        return null;
      },
      close: () => server.close(),
    };
  },
});

describePacketPath('WebSocket', {
  bearsOversized: true,
  serve: async (hub) => {
    const { server, port } = await openHttp();
    const paths = serveWebSockets(server, hub);
    return {
      connect: (ticket, onPacket) =>
        new Promise<TestPage | null>((resolve) => {
          const socket = new WebSocket(
            `ws://${HOST}:${port}${WEBSOCKET_PATH}?ticket=${encodeURIComponent(ticket)}`,
          );
          socket.on('message', (data) => onPacket(new Uint8Array(data as Buffer))); // one binary frame
          socket.on('error', () => resolve(null));
          socket.on('open', () =>
            resolve({
              send: (packet) => socket.send(packet),
              close: async () => {
                socket.terminate();
              },
            }),
          );
        }),
      close: async () => {
        paths.close();
        server.closeAllConnections();
        server.close();
      },
    };
  },
});

describePacketPath('DataChannel', {
  bearsOversized: true,
  serve: async (hub) => {
    const paths = serveDataChannels(HOST, hub);
    return {
      connect: async (ticket, onPacket) => {
        const peer = new datachannel.PeerConnection('page', { iceServers: [], bindAddress: HOST });
        const gathered = new Promise<void>((resolve) => {
          peer.onGatheringStateChange((state) => {
            if (state === 'complete') resolve();
          });
        });
        const channel = peer.createDataChannel('toast', { unordered: true, maxRetransmits: 0 });
        const opened = new Promise<void>((resolve) => channel.onOpen(resolve));
        channel.onMessage((data) => {
          if (data instanceof Buffer) onPacket(new Uint8Array(data));
        });
        await gathered;
        const answered = await paths.answer(ticket, peer.localDescription()?.sdp ?? '');
        if (!answered.ok) {
          peer.close();
          return null;
        }
        peer.setRemoteDescription(answered.value, 'answer');
        await opened;
        return {
          send: (packet) => void channel.sendMessageBinary(packet),
          close: async () => peer.close(),
        };
      },
      close: async () => paths.close(),
    };
  },
});

test('WebTransport serves one path to pages of its own origin, and ends a connection that breaks HTTP/3', async () => {
  const hub = new PathHub({ relay: { host: HOST, port: 9 }, tokenKey: new Uint8Array(32), nowUs: () => 1e9 });
  const server = await startWebTransport({
    host: HOST,
    port: 0,
    hub,
    isOwnOrigin: (origin) => origin === ORIGIN,
    nowMs: () => Date.now(),
    onCertificate: () => undefined,
  });
  const statusOf = async (path: string, origin: string): Promise<number> => {
    const client = await connectWebTransport(server.port, { path, origin }, () => undefined);
    await client.close();
    return client.status;
  };
  expect(await statusOf('/other', ORIGIN)).toBe(404);
  expect(await statusOf(WEBTRANSPORT_PATH, 'http://evil.example')).toBe(403);
  expect(await statusOf(WEBTRANSPORT_PATH, '')).toBe(403);
  expect(await statusOf(`${WEBTRANSPORT_PATH}?ticket=${'x'.repeat(2000)}`, ORIGIN)).toBe(400);
  const rude = await connectWebTransport(server.port, { path: '/other', origin: ORIGIN }, () => undefined);
  rude.write(4, Uint8Array.of(0x02, 0x00), false); // a frame of HTTP/2
  await rude.ended;
  await rude.close();
  expect(hub.paths).toBe(0);
  await server.close();
});
