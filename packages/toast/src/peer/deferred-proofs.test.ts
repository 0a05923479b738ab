import { expect, test } from 'vitest';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom } from '../testing/small-room.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import { PROOFS_WAITING_MAX } from '../trust/proof-task.ts';
import type { PeerSession } from './peer-session.ts';

/** A peer whose platform signs and checks later, and one whose does so at once. */
class TwoPlatforms {
  readonly room = new SmallRoom();
  readonly pageIdentity = testIdentity();
  readonly page: PeerSession;
  readonly box: PeerSession;

  constructor() {
    const changes = { startWhenPlayers: 2 };
    this.page = this.room.add('page', { ...changes, identity: this.pageIdentity, defersProofs: true });
    this.box = this.room.add('box', { ...changes, identity: testIdentity() });
    this.room.run(1_200_000);
  }

  play(peer: PeerSession, packets: number): void {
    for (let i = 0; i < packets; i++) {
      this.room.nowUs += 1333;
      peer.sendAudio(this.room.nowUs, new Int16Array(64).fill(5), 0);
      for (const each of this.room.peers.values()) each.tick(this.room.nowUs);
      this.room.settle();
      for (const each of this.room.peers.values())
        for (const stream of each.streams) while (stream.fresh.shift() !== undefined);
    }
  }

  /** What a page does when its platform has answered. */
  answer(identity: PeerIdentity = this.pageIdentity): number {
    let answered = 0;
    for (let task = this.page.proofs.shift(); task !== undefined; task = this.page.proofs.shift()) {
      answered++;
      if (task.kind === 'sign') this.page.signed(task, identity.sign(task.message));
      else this.page.checked(task, identity.verify(task.signKey, task.message, task.signature));
    }
    this.room.settle();
    return answered;
  }
}

const trustIn = (peer: PeerSession) => peer.players[0]?.verifier;

test('a stream that is signed later is vouched for as one that is signed at once, both ways', () => {
  const two = new TwoPlatforms();
  two.play(two.page, 64);
  expect(trustIn(two.box)).toMatchObject({ verified: 0, forged: 0 });
  expect(two.answer()).toBe(2);
  expect(trustIn(two.box)).toMatchObject({ verified: 64, forged: 0 });
  two.play(two.box, 64);
  expect(trustIn(two.page)).toMatchObject({ verified: 0, forged: 0 });
  expect(two.answer()).toBe(2);
  expect(trustIn(two.page)).toMatchObject({ verified: 64, forged: 0 });
  expect(two.page.counters).toMatchObject({ forged: 0, proofsDropped: 0 });
});

test('a signature by another key is refused and counted at whichever end it is checked', () => {
  const two = new TwoPlatforms();
  two.play(two.page, 32);
  two.answer(testIdentity());
  expect(trustIn(two.box)).toMatchObject({ verified: 0, forged: 0 });
  expect(two.box.counters.forged).toBe(1);
  two.play(two.box, 32);
  const task = two.page.proofs.shift();
  if (task?.kind !== 'check') throw new Error('no signature came');
  two.page.checked(task, false);
  expect(trustIn(two.page)).toMatchObject({ verified: 0, forged: 0 });
  expect(two.page.counters.forged).toBe(1);
});

test('a datagram in a stream that its owner did not send is told of once the later check is done', () => {
  const two = new TwoPlatforms();
  two.play(two.box, 32);
  const task = two.page.proofs.shift();
  if (task?.kind !== 'check') throw new Error('no signature came');
  // Another hash stands in the list: as if a member had sealed this datagram in the player's name.
  task.body[12] = (task.body[12] ?? 0) ^ 1;
  two.page.checked(task, true);
  expect(trustIn(two.page)).toMatchObject({ verified: 31, forged: 1 });
  const kinds: string[] = [];
  for (let event = two.page.events.shift(); event !== undefined; event = two.page.events.shift())
    kinds.push(event.kind);
  expect(kinds).toContain('forged-stream');
});

test('what nobody answers waits up to its limit, and the rest is counted', () => {
  const two = new TwoPlatforms();
  two.play(two.page, 32 * (PROOFS_WAITING_MAX + 3));
  expect(two.page.proofs.length).toBe(PROOFS_WAITING_MAX);
  expect(two.page.counters.proofsDropped).toBe(3);
  // The music went on all the while.
  expect(two.box.streams[0]?.newest).toBe(32 * (PROOFS_WAITING_MAX + 3) - 1);
});

test('members whose proofs are deferred take part in a change of keys', () => {
  const two = new TwoPlatforms();
  const cyd = two.room.add('cyd', { identity: testIdentity() });
  two.room.run(300_000);
  cyd.leave(two.room.nowUs);
  two.room.run(600_000);
  two.play(two.page, 5);
  two.play(two.box, 5);
  for (const peer of [two.page, two.box]) {
    const remote = peer.players.find(({ receiver }) => receiver.isPresent);
    expect(remote?.keys.generation).toBe(1);
    expect(remote?.receiver.newest).toBe(4);
    expect(peer.counters).toMatchObject({ forged: 0, unknownKey: 0 });
  }
});
