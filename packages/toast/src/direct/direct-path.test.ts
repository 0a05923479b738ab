import { expect, test } from 'vitest';
import { MEMBER } from '../testing/member.ts';
import { CHALLENGE_BYTES } from '../wire/probe-body.ts';
import { SOURCES_PER_MEMBER_MAX } from './direct-limits.ts';
import { DirectPath } from './direct-path.ts';

const ADDRESS = '192.0.2.7:9';
const SENT_US = 1_000_000;
const TRIP_US = 4_000;
const PROVED_US = SENT_US + TRIP_US;

/** One that asks for an echo and brings none. */
const PROBE = {
  challenge: new Uint8Array(CHALLENGE_BYTES),
  echo: null,
  heldUs: 0,
  isUnproved: true,
  relayTripUs: 1,
  taken: 0,
};

/** A path of which one probe, sent at {@link SENT_US}, came back {@link TRIP_US} later; the relay's way takes twice as long. */
function provedPath(): DirectPath {
  const none = { probe: new Uint8Array(32), tag: new Uint8Array(8) };
  const path = new DirectPath(MEMBER, { send: none, read: none });
  path.tell(SENT_US, [], ADDRESS);
  const challenge = new Uint8Array(CHALLENGE_BYTES).fill(5);
  path.candidates[0]?.sent(SENT_US, challenge, false);
  const probe = {
    challenge,
    echo: challenge,
    heldUs: 0,
    isUnproved: false,
    relayTripUs: TRIP_US,
    taken: 1,
  };
  path.take(PROVED_US, ADDRESS, probe, TRIP_US);
  return path;
}

test('a path of which nothing is heard for more than 150 ms is left', () => {
  const path = provedPath();
  path.look(PROVED_US + 150_000);
  expect(path.isWorthwhile(PROVED_US + 150_000)).toBe(true);
  expect(path.fallbacks).toBe(0);
  path.look(PROVED_US + 150_001);
  expect(path.isWorthwhile(PROVED_US + 150_001)).toBe(false);
  expect(path).toMatchObject({ best: null, fallbacks: 1 });
});

test('sound that goes on keeps a path, until what went the other way was last proved 250 ms and a round trip ago', () => {
  const path = provedPath();
  const lastUs = SENT_US + 250_000 + TRIP_US;
  for (let us = PROVED_US; us < lastUs; us += 1_333) {
    path.heard(us);
    path.look(us);
  }
  expect(path.isWorthwhile(lastUs)).toBe(true);
  path.heard(lastUs);
  path.look(lastUs + 1);
  expect(path).toMatchObject({ best: null, fallbacks: 1 });
});

test('an address that was first seen on a probe becomes what the member tells of it, and goes when it is told no more', () => {
  const path = provedPath();
  const told = '192.168.0.7:9';
  const seen = '198.51.100.1:9';
  for (const from of [told, seen]) path.take(PROVED_US, from, PROBE, TRIP_US);
  expect(path.candidates.map((each) => each.kind)).toEqual(['reflexive', 'peer-reflexive', 'peer-reflexive']);
  path.tell(PROVED_US, [told], ADDRESS);
  expect(path.candidates.map((each) => [each.address, each.kind])).toEqual([
    [told, 'host'],
    [ADDRESS, 'reflexive'],
    [seen, 'peer-reflexive'],
  ]);
  path.take(PROVED_US, told, PROBE, TRIP_US);
  expect(path.candidates[0]?.kind).toBe('host');
  path.tell(PROVED_US, [], ADDRESS);
  expect(path.candidates.map((each) => each.address)).toEqual([ADDRESS, seen]);
});

test('a member is heard from the addresses that it proved last, and the oldest is given up for a new one', () => {
  const path = provedPath();
  const froms = Array.from({ length: SOURCES_PER_MEMBER_MAX + 2 }, (_, i) => `198.51.100.${i + 1}:9`);
  const gone = froms.map((from, i) => path.take(PROVED_US + i, from, PROBE, TRIP_US));
  expect(path.sources).toEqual(froms.slice(-SOURCES_PER_MEMBER_MAX));
  expect(gone.filter((each) => each !== null)).toEqual([ADDRESS, ...froms.slice(0, 2)]);
});
