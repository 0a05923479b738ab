import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, refuse } from '@jamnet/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GatewayProcess } from '../transports/gateway/gateway-process.ts';
import { issueInvitation, readInvitation } from './invitation.ts';
import { RoomBook } from './room-book.ts';
import { NAMES_MAX, RoomEntrance } from './room-entrance.ts';

const KEY = new Uint8Array(32).fill(3);
const HOUR_US = 3600 * 1e6;
const GATEWAY: GatewayProcess = {
  webTransport: () => ({ port: 8440, sha256Base64: 'AA==' }),
  offer: async () => ({ status: 200, body: { sdp: '' } }),
  counters: () => Promise.reject(new Error('not asked here')),
  stop: async () => undefined,
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-entrance-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function entrance() {
  const clock = { us: 10n ** 15n };
  const door = new RoomEntrance({
    invitationKey: KEY,
    nowUs: () => clock.us,
    join: (room, player) =>
      ok({ room, player, joinToken: 't', roomKeyHex: '', relay: { host: '127.0.0.1', port: 1 } }),
    readTicket: (ticket) => (ticket === 't' ? ok(null) : refuse('token-forged', 'no')),
    gateway: () => GATEWAY,
    book: new RoomBook(
      join(directory, 'rooms.json'),
      () => false,
      () => clock.us,
    ),
  });
  const made = door.invite('attic', 12, 64);
  if (!made.ok) throw new Error(made.message);
  return { door, clock, invitation: made.value.invitation };
}

test('a link opens its room until it expires', () => {
  const { door, clock, invitation } = entrance();
  expect(door.look(invitation)).toMatchObject({ value: { room: 'attic', packetFrames: 64 } });
  expect(door.enter(invitation, 'Ada', '')).toMatchObject({
    value: { room: 'attic', player: 'Ada', packetFrames: 64 },
  });
  clock.us += BigInt(12 * HOUR_US);
  expect(door.look(invitation)).toMatchObject({ code: 'invitation-expired' });
  expect(door.enter(invitation, 'Bo', '')).toMatchObject({ code: 'invitation-expired' });
});

test.each([
  ['', 'invitation-malformed'],
  ['one-part', 'invitation-malformed'],
  ['a.b.c', 'invitation-malformed'],
  ['x'.repeat(600), 'invitation-malformed'],
  ['eyJyb29tIjoiYXR0aWMifQ.AAAA', 'invitation-forged'],
])('%s is no invitation: %s', (text, code) => {
  expect(readInvitation(KEY, text, 0)).toMatchObject({ ok: false, code });
});

test('a member lets people into rooms of their own, and into nobody else’s', () => {
  const { door } = entrance();
  expect(door.inviteAs('ada', 'attic', 24)).toMatchObject({ code: 'room-taken' });
  const made = door.inviteAs('ada', 'cellar', 24);
  if (!made.ok) throw new Error(made.message);
  expect(door.look(made.value.invitation)).toMatchObject({ value: { room: 'cellar', packetFrames: 128 } });
  expect(door.inviteAs('bo', 'cellar', 24)).toMatchObject({ code: 'room-taken' });
  expect(door.roomsOf('ada')).toMatchObject([{ room: 'cellar' }]);
  door.reserve('hall', 'Box');
  expect(door.inviteAs('ada', 'hall', 24)).toMatchObject({ code: 'room-taken' });
  // The operator opens any door.
  expect(door.invite('cellar', 1, 64).ok).toBe(true);
});

test('every changed character is noticed, and so is another studio’s link', () => {
  const invitation = issueInvitation(KEY, { room: 'attic', packetFrames: 64, expiresAtUs: 1e15 });
  if (!invitation.ok) throw new Error(invitation.message);
  const text = invitation.value;
  expect(readInvitation(KEY, text, 0)).toMatchObject({ ok: true });
  expect(readInvitation(new Uint8Array(32), text, 0)).toMatchObject({ code: 'invitation-forged' });
  // The last character of each part carries bits that base64url leaves unused.
  for (let at = 0; at < text.length - 1; at++) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    expect(readInvitation(KEY, changed, 0).ok).toBe(false);
  }
});

test('a name belongs to whoever came first, who may return with the key; a native player’s name is taken too', () => {
  const { door, invitation } = entrance();
  const first = door.enter(invitation, 'Ada', '');
  if (!first.ok) throw new Error(first.message);
  expect(door.enter(invitation, 'Ada', '')).toMatchObject({ code: 'name-taken' });
  expect(door.enter(invitation, 'Ada', 'f'.repeat(32))).toMatchObject({ code: 'name-taken' });
  expect(door.enter(invitation, 'Ada', first.value.returnKey)).toMatchObject({ ok: true });
  door.reserve('attic', 'Box');
  expect(door.enter(invitation, 'Box', '')).toMatchObject({ code: 'name-taken' });
  for (let i = 0; i <= NAMES_MAX; i++) door.reserve('cellar', `p${i}`);
  expect(door.enter(invitation, 'Box', '')).toMatchObject({ ok: true });
});

test('a crowd at the door is asked to wait, and let in again soon', () => {
  const { door, clock, invitation } = entrance();
  let asked = 0;
  while (door.look(invitation).ok && asked < 1000) asked++;
  expect(asked).toBe(40);
  expect(door.look(invitation)).toMatchObject({ code: 'too-many-requests' });
  clock.us += 1_000_000n;
  expect(door.look(invitation)).toMatchObject({ ok: true });
});

test('who knocks without a link or a ticket makes nobody wait', async () => {
  const { door, invitation } = entrance();
  for (let i = 0; i < 100; i++) {
    expect(door.look('a.b')).toMatchObject({ code: 'invitation-forged' });
    expect(await door.offer('none', '')).toMatchObject({ code: 'token-forged' });
  }
  expect(door.look(invitation)).toMatchObject({ ok: true });
  expect(await door.offer('t', '')).toMatchObject({ status: 200 });
});
