import { Type } from 'typebox';
import { GUEST_CODES, MULTITRACK_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { ArchivedTake } from './shapes.ts';

export const TAKES_CONTRACTS = {
  'GET /api/takes/:id/peaks': {
    summary: "A take's waveform in buckets",
    letsIn: 'open',
    answer: Type.Object({
      sampleRateHz: Type.Number(),
      frames: Type.Number(),
      peaks: Type.Array(Type.Number()),
    }),
    codes: ['take-unknown'],
  },
  'GET /api/takes/:id/audio/:file': {
    summary: "A take's sound as it was sent, heard or repaired",
    letsIn: 'open',
    media: 'audio/wav',
    codes: ['take-unknown'],
  },
  'HEAD /api/archive/chunks/:sha256': {
    summary: 'Whether a chunk is here',
    letsIn: 'operatorOrGuest',
    media: 'application/octet-stream',
    codes: [...GUEST_CODES],
  },
  'PUT /api/archive/chunks/:sha256': {
    summary: 'Hands a chunk in, under its hash',
    letsIn: 'operatorOrGuest',
    answer: Type.Object({ sha256: Type.String() }),
    codes: [
      ...GUEST_CODES,
      'chunk-hash-differs',
      'chunk-too-large',
      'chunks-waiting-too-many',
      'room-sends-too-much',
    ],
  },
  'PUT /api/archive/takes/:sha256': {
    summary: 'Makes a take of chunks that are here',
    letsIn: 'operatorOrGuest',
    answer: ArchivedTake,
    codes: [
      ...GUEST_CODES,
      'chunks-missing',
      'chunks-too-many',
      'take-bytes-differ',
      'take-not-closed',
      'take-consent-missing',
      'take-not-yours',
      'take-erased',
      'takes-too-many',
      ...MULTITRACK_CODES,
    ],
  },
  'GET /api/archive/takes': {
    summary: 'Takes in the archive, or of the room that one sits in',
    letsIn: 'operatorOrGuest',
    query: PageQuery,
    answer: pageOf('takes', Type.String()),
    codes: ['cursor-malformed', ...GUEST_CODES],
  },
  'GET /api/archive/takes/:sha256': {
    summary: 'A take as JSON Lines, from a byte on if asked',
    letsIn: 'operatorOrGuest',
    media: 'application/x-ndjson',
    codes: [...GUEST_CODES, 'take-unknown', 'take-erased', 'range-beyond'],
  },
} as const satisfies Contracts;
