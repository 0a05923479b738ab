import { expect, test } from 'vitest';
import { testCrypto } from '../testing/node-crypto.ts';
import { tokenFor } from '../testing/small-room.ts';
import { PeerSession } from './peer-session.ts';

test.each([
  [0, 'packet-frames-malformed'],
  [15, 'packet-frames-malformed'],
  [16, 'fine'],
  [127.5, 'packet-frames-malformed'],
  [512, 'fine'],
  [513, 'packet-frames-malformed'],
  [Number.NaN, 'packet-frames-malformed'],
])('a peer with packets of %d frames: %s', (packetFrames, expected) => {
  const opened = PeerSession.open({
    crypto: testCrypto,
    joinToken: tokenFor('ada'),
    roomKey: new Uint8Array(32).fill(9),
    packetFrames,
    redundancyOffsets: [],
    startWhenPlayers: 1,
    joinIdBytes: new Uint8Array(16).fill(1),
    epoch: 1,
    consent: 0,
  });
  expect(opened.ok ? 'fine' : opened.code).toBe(expected);
});
