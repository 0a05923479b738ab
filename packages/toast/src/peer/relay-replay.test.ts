import { expect, test } from 'vitest';
import { splitToken } from '../crypto/join-token.ts';
import { hopKey } from '../crypto/toast-crypto.ts';
import { RelayMail } from '../relay/relay-mail.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { SmallRoom, tokenFor } from '../testing/small-room.ts';
import { decodeHeader, PACKET_TYPE } from '../wire/header.ts';
import { SYNCS_OPEN_MAX } from './peer-options.ts';
import type { PeerSession } from './peer-session.ts';

const TYPE_AT = 5;

/** A room whose relay's datagrams of one type are kept from ada; the first `passed` of them reach her. */
function withheld(type: number, passed: number): { room: SmallRoom; ada: PeerSession; kept: Uint8Array[] } {
  const room = new SmallRoom();
  const kept: Uint8Array[] = [];
  let seen = 0;
  room.filter = (_, bytes) => {
    if (bytes[TYPE_AT] !== type || seen++ < passed) return true;
    kept.push(bytes.slice());
    return false;
  };
  return { room, ada: room.add('ada', { startWhenPlayers: 1 }), kept };
}

/** What only the relay can make for ada. */
function forged(make: (mail: RelayMail, to: Parameters<RelayMail['sync']>[0]) => void): Uint8Array {
  const token = splitToken(tokenFor('ada'));
  if (!token.ok) throw new Error(token.message);
  const key = hopKey(testCrypto, token.value.secret, '01'.repeat(16));
  const mail = new RelayMail(testCrypto);
  make(mail, { address: 'ada', hopKey: key, epoch: 1000, counts: { control: 3000, sync: 3000 } });
  return mail.outgoing.shift()?.bytes ?? new Uint8Array();
}

test('copies of one answer are one exchange: they bring no clock to agree', () => {
  const { room, ada, kept } = withheld(PACKET_TYPE.sync, 0);
  room.run(60_000);
  const [answer = new Uint8Array()] = kept;
  for (let i = 0; i < 40; i++) ada.datagram(room.nowUs + 10 * i, answer);
  expect(ada.clock.isAgreed).toBe(false);
  expect(ada.counters).toMatchObject({ replayed: 39, forged: 0, malformed: 0 });
  for (const other of kept.slice(1)) ada.datagram(room.nowUs, other);
  room.filter = () => true;
  room.run(300_000);
  expect(ada.clock.isAgreed).toBe(true);
  expect(ada.counters.replayed).toBe(39);
});

test('an answer to a request that was never sent, or was answered, says nothing of the way', () => {
  const { room, ada } = withheld(PACKET_TYPE.sync, 3);
  room.run(60_000);
  const offsetUs = ada.clock.offsetUs;
  const answer = { kind: 'answer', roomVersion: 1, t0Us: 42, t1Us: 5e15, t2Us: 5e15 } as const;
  ada.datagram(
    room.nowUs,
    forged((mail, to) => mail.sync(to, answer)),
  );
  expect(ada.clock.offsetUs).toBe(offsetUs);
  expect(ada.counters).toMatchObject({ replayed: 1, forged: 0 });
});

test('requests that nobody answers are remembered up to a limit, the newest', () => {
  const { room, ada, kept } = withheld(PACKET_TYPE.sync, 0);
  room.run(100_000);
  const [first = new Uint8Array()] = kept;
  // Answers that do come keep the seat; those requests are not open any more.
  room.filter = (_, bytes) => bytes[TYPE_AT] !== PACKET_TYPE.sync || room.sent.length % 2 === 0;
  room.run(SYNCS_OPEN_MAX * 2 * 150_000);
  expect(ada.phase).toBe('seated');
  const { replayed } = ada.counters;
  ada.datagram(room.nowUs, first);
  expect(ada.counters.replayed).toBe(replayed + 1);
});

test('what the relay says it says once: a copy is counted and not heard', () => {
  const room = new SmallRoom();
  const said: Uint8Array[] = [];
  room.filter = (to, bytes) => {
    if (to === '10.0.0.1:5' && bytes[TYPE_AT] === PACKET_TYPE.control) said.push(bytes.slice());
    return true;
  };
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_200_000);
  const sequences = said.map((bytes) => {
    const header = decodeHeader(bytes);
    return header.ok ? header.value.sequence : -1;
  });
  // A challenge, which nobody counts, then everything since the seat was taken.
  expect(sequences).toEqual([0, ...said.slice(1).map((_, i) => i)]);
  expect(ada.counters.replayed).toBe(0);
  for (const bytes of said) ada.datagram(room.nowUs, bytes);
  expect(ada.counters).toMatchObject({ replayed: said.length, forged: 0 });
});

test('a seat taken anew begins a new count: a relay that has forgotten is heard from its first word on', () => {
  const room = new SmallRoom();
  const ada = room.add('ada', { startWhenPlayers: 1 });
  room.run(3_000_000);
  room.restartRelay();
  room.run(3_000_000);
  expect(ada.phase).toBe('seated');
  expect(ada.counters).toMatchObject({ rejoined: 1, replayed: 0, forged: 0 });
});

test('what a peer itself signed and somebody sends back to it is not the relay speaking', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.run(400_000);
  const own = room.sent.filter(({ bytes }) => bytes[TYPE_AT] === PACKET_TYPE.sync).slice(-3);
  // Numbers above the relay's, as they would be after more requests than answers.
  for (const { bytes } of own) ada.datagram(room.nowUs, bytes);
  expect(ada.counters.replayed + ada.counters.forged).toBe(3);
  expect(ada.counters.malformed).toBe(0);
});
