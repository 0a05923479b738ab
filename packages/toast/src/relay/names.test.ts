import { expect, test } from 'vitest';
import type { PeerSession } from '../peer/peer-session.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom } from '../testing/small-room.ts';

function refusalsOf(peer: PeerSession | undefined): string[] {
  const codes: string[] = [];
  for (let event = peer?.events.shift(); event !== undefined; event = peer?.events.shift())
    if (event.kind === 'refused') codes.push(event.code);
  return codes;
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

test('who only listens does not count among the players that others wait for', () => {
  const room = new SmallRoom();
  const ada = room.add('ada', { startWhenPlayers: 2 });
  room.add('audience', { startWhenPlayers: 1, listens: true });
  room.run(2_000_000);
  expect(ada.startAtUs).toBe(0);
  room.add('ben', { startWhenPlayers: 2 });
  room.run(1_000_000);
  expect(ada.startAtUs).toBeGreaterThan(0);
});
