import { expect, test } from 'vitest';
import type { PeerSession } from '../peer/peer-session.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom } from '../testing/small-room.ts';

const BEAT = { id: 5, atSample: 48_000, bar: 0, tempoMilliBpm: 120_000, beatsPerBar: 4, isRunning: true };

function kindsOf(peer: PeerSession): string[] {
  const kinds: string[] = [];
  for (let event = peer.events.shift(); event !== undefined; event = peer.events.shift())
    kinds.push(event.kind);
  return kinds;
}

/** The relay of a room in which ada and ben play in a beat answers no more; the shell of each moves once it is told of the silence. */
function movedPair() {
  const room = new SmallRoom();
  const [ada, ben] = ['ada', 'ben'].map((name) => room.add(name, { identity: testIdentity() })) as [
    PeerSession,
    PeerSession,
  ];
  room.run(1_000_000);
  ada.setTimeline(room.nowUs, BEAT);
  room.run(400_000);
  for (const peer of [ada, ben]) kindsOf(peer);
  const startAtUs = ada.startAtUs;
  room.restartRelay();
  room.filter = () => false;
  return { room, ada, ben, startAtUs };
}

function move(room: SmallRoom, address: string): void {
  room.movedTo.add(address);
  room.peers.get(address)?.moved(room.nowUs);
  room.filter = () => true;
}

test('a room whose relay died goes on at another one: same timeline, same beat, same streams and keys, heard within 0.2 s of the move', () => {
  const { room, ada, ben, startAtUs } = movedPair();
  for (let i = 0; i < 50; i++) ada.sendAudio(room.nowUs, new Int16Array(64).fill(3), 0);
  room.run(700_000);
  expect(kindsOf(ada)).toEqual(['silent']);
  for (const address of ['10.0.0.1:5', '10.0.0.2:5']) move(room, address);
  room.run(200_000);
  expect(room.other.players).toBe(2);
  ada.sendAudio(room.nowUs, new Int16Array(64).fill(7), 0);
  room.settle();
  expect(ben.streams).toHaveLength(1);
  expect(ben.streams[0]?.samplesOf(50)?.[0]).toBe(7);
  room.run(400_000);
  for (const peer of [ada, ben]) {
    expect(peer.startAtUs).toBe(startAtUs);
    expect(peer.timeline.entries).toEqual([BEAT]);
    expect(kindsOf(peer)).not.toContain('stream');
  }
  const cyd = room.add('cyd', {}, '10.0.0.7:5');
  move(room, '10.0.0.7:5');
  room.run(600_000);
  expect([cyd.startAtUs, cyd.timeline.entries]).toEqual([startAtUs, [BEAT]]);
});

test('a newcomer who comes first began the room anew: when those return who know its real start, it holds for all, and the newcomer is told to come again', () => {
  const { room, ada, ben, startAtUs } = movedPair();
  const cyd = room.add('cyd', { startWhenPlayers: 1 }, '10.0.0.7:5');
  move(room, '10.0.0.7:5');
  room.filter = (to) => to === '10.0.0.7:5';
  room.run(1_500_000);
  expect(cyd.startAtUs).toBeGreaterThan(startAtUs);
  cyd.setTimeline(room.nowUs, { ...BEAT, id: 99, tempoMilliBpm: 60_000 });
  room.run(300_000);
  for (const address of ['10.0.0.1:5', '10.0.0.2:5']) move(room, address);
  room.run(600_000);
  expect([cyd.phase, kindsOf(cyd).at(-1)]).toEqual(['left', 'superseded']);
  const again = room.add(
    'cyd',
    { startWhenPlayers: 1, epoch: 88, joinIdBytes: new Uint8Array(16).fill(8) },
    '10.0.0.8:5',
  );
  move(room, '10.0.0.8:5');
  room.run(600_000);
  for (const peer of [ada, ben, again])
    expect([peer.phase, peer.startAtUs, peer.timeline.entries]).toEqual(['seated', startAtUs, [BEAT]]);
});

test('a start that others have long played by is not moved by one who claims an earlier one: who brings it is told to come anew', () => {
  const elsewhere = new SmallRoom();
  const eve = elsewhere.add('eve', { epoch: 77, joinIdBytes: new Uint8Array(16).fill(7) });
  elsewhere.add('fay');
  elsewhere.run(1_200_000);
  const room = new SmallRoom();
  room.run(3_000_000);
  const ada = room.add('ada');
  room.add('ben');
  room.run(20_000_000);
  const { startAtUs } = ada;
  expect(eve.startAtUs).toBeLessThan(startAtUs);
  room.peers.set('10.0.0.7:5', eve);
  eve.moved(room.nowUs);
  room.run(300_000);
  expect([eve.phase, kindsOf(eve).at(-1)]).toEqual(['left', 'superseded']);
  expect([ada.phase, ada.startAtUs]).toEqual(['seated', startAtUs]);
});

test('who came while the relay was dying, and never had a seat, is told of its silence and joins where the room lives now', () => {
  const { room, ada, ben, startAtUs } = movedPair();
  const cyd = room.add('cyd', {}, '10.0.0.7:5');
  room.run(700_000);
  expect(kindsOf(cyd)).toEqual(['silent']);
  for (const address of ['10.0.0.1:5', '10.0.0.2:5', '10.0.0.7:5']) move(room, address);
  room.run(600_000);
  for (const peer of [ada, ben, cyd]) expect([peer.phase, peer.startAtUs]).toEqual(['seated', startAtUs]);
});
