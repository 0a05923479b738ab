import { Type } from 'typebox';
import { ROOM_BOOK_LIMITS } from '../../rooms/room-book.ts';
import { ARCHIVE_LIMITS } from '../../takes/take-archive.ts';
import { GUEST_CODES, INVITATION_CODES, TICKET_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { ArchivedTake, orNull } from './shapes.ts';

const JoinAnswer = Type.Object(
  {
    room: Type.String(),
    player: Type.String(),
    joinToken: Type.String(),
    roomKeyHex: Type.String(),
    relay: Type.Object({ host: Type.String(), port: Type.Number() }),
    candidates: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), host: Type.String(), port: Type.Number() })),
    ),
  },
  { title: 'Join' },
);
const EnterAnswer = Type.Object(
  {
    packetFrames: Type.Number(),
    returnKey: Type.String(),
    paths: Type.Object({
      webtransport: orNull(
        Type.Object({ port: Type.Number(), path: Type.String(), sha256Base64: Type.String() }),
      ),
      websocket: Type.String(),
    }),
    room: Type.String(),
    player: Type.String(),
    joinToken: Type.String(),
    roomKeyHex: Type.String(),
    relay: Type.Object({ host: Type.String(), port: Type.Number() }),
    candidates: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), host: Type.String(), port: Type.Number() })),
    ),
  },
  { title: 'Enter' },
);
const RelayAddress = Type.Object({ host: Type.String(), port: Type.Number() }, { title: 'RelayAddress' });
const RoomRecording = Type.Object({ by: Type.String(), sinceUs: Type.Number() }, { title: 'RoomRecording' });

export const ROOMS_CONTRACTS = {
  'GET /api/account/rooms': {
    summary: "One's rooms",
    letsIn: 'members',
    answer: Type.Object({
      rooms: Type.Array(Type.Object({ room: Type.String(), madeAtUs: Type.String() }), {
        maxItems: ROOM_BOOK_LIMITS.roomsPerMember,
      }),
    }),
  },
  'POST /api/account/rooms': {
    summary: "Makes a room, or opens one of one's own again",
    letsIn: 'members',
    answer: Type.Object({ room: Type.String(), path: Type.String(), expiresAtUs: Type.String() }),
    codes: ['name-malformed', 'room-taken', 'rooms-too-many'],
  },
  'POST /api/rooms/:room/join': {
    summary: 'A seat in a room for a player without a browser',
    letsIn: 'operator',
    answer: JoinAnswer,
    codes: ['name-malformed', 'relay-not-running', 'name-taken', 'rooms-too-many'],
  },
  'POST /api/rooms/:room/invitations': {
    summary: 'A link by which pages join a room',
    letsIn: 'operator',
    answer: Type.Object({ invitation: Type.String(), expiresAtUs: Type.Number() }),
    codes: ['name-malformed'],
  },
  'POST /api/room/look': {
    summary: 'What room an invitation opens',
    letsIn: 'open',
    answer: Type.Object({ room: Type.String(), packetFrames: Type.Number() }),
    codes: [...INVITATION_CODES],
  },
  'POST /api/room/enter': {
    summary: 'A seat for whoever has an invitation',
    letsIn: 'open',
    answer: EnterAnswer,
    codes: [
      ...INVITATION_CODES,
      'name-malformed',
      'name-taken',
      'relay-not-running',
      'too-many-requests',
      'rooms-too-many',
    ],
  },
  'POST /api/room/where': {
    summary: 'On which relay the room of a join token lives',
    letsIn: 'open',
    answer: RelayAddress,
    codes: [...TICKET_CODES, 'relay-not-running'],
  },
  'POST /api/room/offer': {
    summary: 'WebRTC signalling for whoever has a join token',
    letsIn: 'open',
    answer: Type.Unknown(),
    codes: [...TICKET_CODES, 'relay-not-running', 'too-many-requests'],
  },
  'GET /api/room/takes': {
    summary: 'Recordings of the room that one sits in',
    letsIn: 'operatorOrGuest',
    answer: Type.Object({
      takes: Type.Array(ArchivedTake, { maxItems: ARCHIVE_LIMITS.shownPerRoom }),
      recording: orNull(RoomRecording),
    }),
    codes: [...GUEST_CODES, 'ticket-missing'],
  },
  'POST /api/room/recording': {
    summary: 'Says that one records, or no longer',
    letsIn: 'operatorOrGuest',
    answer: Type.Object({ recording: orNull(RoomRecording) }),
    codes: [...GUEST_CODES, 'ticket-missing'],
  },
} as const satisfies Contracts;
