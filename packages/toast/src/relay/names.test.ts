import { expect, test } from 'vitest';
import type { PeerSession } from '../peer/peer-session.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { testIdentity, testVerify } from '../testing/node-identity.ts';
import { SmallRoom, tokenFor } from '../testing/small-room.ts';
import { isNameProved } from '../trust/name-proof.ts';
import { announceKeys, type PeerIdentity } from '../trust/peer-identity.ts';
import { type ControlMessage, decodeControl } from '../wire/control-message.ts';
import { bodyOf, decodeHeader } from '../wire/header.ts';

function refusalsOf(peer: PeerSession | undefined): string[] {
  const codes: string[] = [];
  for (let event = peer?.events.shift(); event !== undefined; event = peer?.events.shift())
    if (event.kind === 'refused') codes.push(event.code);
  return codes;
}

/** The last join that somebody sent, as it went over the wire. */
function lastJoinOf(room: SmallRoom, address: string): Extract<ControlMessage, { t: 'join' }> {
  for (const { from, bytes } of room.sent.toReversed()) {
    const header = decodeHeader(bytes);
    const message = header.ok ? decodeControl(bodyOf(bytes, header.value)) : header;
    if (from === address && message.ok && message.value.t === 'join') return message.value;
  }
  throw new Error('nobody joined from there');
}

const ELSEWHERE = '10.0.0.9:5';
const AGAIN = { epoch: 77, joinIdBytes: new Uint8Array(16).fill(0x77) };

function pair(identity = testIdentity()) {
  const room = new SmallRoom();
  const ada = room.add('ada', { identity });
  const ben = room.add('ben', { identity: testIdentity() });
  room.run(1_200_000);
  return { room, ada, ben, identity };
}

test('a name that somebody in the room bears is refused to another, who is told so, and its bearer notices nothing', () => {
  const { room, ada, ben } = pair();
  const other = room.add('ada', { ...AGAIN, identity: testIdentity() }, ELSEWHERE);
  room.run(1_000_000);
  expect(refusalsOf(other)).toEqual(['name-taken']);
  expect([ada.phase, refusalsOf(ada)]).toEqual(['seated', []]);
  ada.sendAudio(room.nowUs, new Int16Array(64).fill(5), 0);
  room.settle();
  expect(ben.streams.map((stream) => stream.isPresent)).toEqual([true]);
  expect(ben.streams[0]?.samplesOf(0)?.[0]).toBe(5);
});

test('without key pairs it is the same: who is heard keeps the name', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_200_000);
  const other = room.add('ada', AGAIN, ELSEWHERE);
  room.run(1_000_000);
  expect([refusalsOf(other), ada.phase]).toEqual([['name-taken'], 'seated']);
});

test('the same key pairs take their place over at once; the one that sat there is told, and does not take it back', () => {
  const { room, ada, ben, identity } = pair();
  const again = room.add('ada', { ...AGAIN, identity }, ELSEWHERE);
  room.run(100_000);
  expect([again.phase, refusalsOf(ada)]).toEqual(['seated', ['replaced']]);
  room.run(1_000_000);
  expect([ada.phase, again.phase, ben.phase]).toEqual(['refused', 'seated', 'seated']);
});

/** Its owner's public keys, as everybody in the room has seen them; what it signs, it signs with keys of its own. */
function impostor(owner: PeerIdentity): PeerIdentity {
  const { agreeKey, signKey } = owner;
  return { ...testIdentity(), agreeKey, signKey };
}

test("who announces a member's keys and cannot sign with them is refused, and the member plays on", () => {
  const { room, ada, ben, identity } = pair();
  const thief = room.add('ada', { ...AGAIN, identity: impostor(identity) }, ELSEWHERE);
  room.run(1_000_000);
  expect(refusalsOf(thief)).toEqual(['name-taken']);
  expect([ada.phase, refusalsOf(ada), ben.streams.length]).toEqual(['seated', [], 1]);
});

test('a signature is good for one join, one token, one address: seen by others it takes no name over', () => {
  const { room, ada, identity } = pair();
  room.add('ada', { ...AGAIN, identity }, ELSEWHERE);
  room.run(100_000);
  const { token, joinId, cookie, keys, proof } = lastJoinOf(room, ELSEWHERE);
  const others = announceKeys(testCrypto, new Uint8Array(32).fill(9), joinId, testIdentity());
  for (const changed of [
    { token: tokenFor('ada', 'cellar').slice(0, -65) },
    { joinId: '1'.repeat(32) },
    { cookie: '2'.repeat(32) },
    { keys: others },
    { keys: '' },
    { proof: '' },
    { proof: `A${proof.slice(1)}` },
  ])
    expect(isNameProved(testVerify, { token, joinId, cookie, keys, proof, ...changed })).toBe(false);
  expect(refusalsOf(ada)).toEqual(['replaced']);
});

test("a member's join id with another token moves nothing: its bearer keeps seat and address", () => {
  const { room, ada, ben, identity } = pair();
  const joinToken = tokenFor('ada', 'attic', room.nowUs + 1e9);
  const copy = { joinToken, joinIdBytes: new Uint8Array(16).fill(1), epoch: 1000, identity };
  const thief = room.add('ada', copy, ELSEWHERE);
  room.run(300_000);
  expect(refusalsOf(thief)).toEqual(['name-taken']);
  const other = room.add('cyd', { ...copy, joinToken: tokenFor('cyd'), epoch: 4000 }, '10.0.0.8:5');
  room.run(300_000);
  expect(refusalsOf(other)).toEqual(['epoch-taken']);
  ada.sendAudio(room.nowUs, new Int16Array(64).fill(5), 0);
  room.settle();
  expect(ben.streams[0]?.samplesOf(0)?.[0]).toBe(5);
});

test('who did not hear that it was replaced asks again, and is told then', () => {
  const { room, ada, identity } = pair();
  room.filter = (to) => to !== '10.0.0.1:5';
  const again = room.add('ada', { ...AGAIN, identity }, ELSEWHERE);
  room.run(300_000);
  room.filter = () => true;
  room.run(1_500_000);
  expect([again.phase, refusalsOf(ada)]).toEqual(['seated', ['replaced']]);
});

test('a player whose process died has its name back within half a second, whatever keys it comes with', () => {
  const { room } = pair();
  room.peers.delete('10.0.0.1:5');
  const again = room.add('ada', AGAIN, ELSEWHERE);
  room.run(500_000);
  expect(again.phase).toBe('seated');
});
