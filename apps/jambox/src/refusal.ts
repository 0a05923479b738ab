import { Failure } from '@jamnet/base';
import type { RefusalCode } from '@jamnet/toast';

/** Why a player's evening does not begin or ends early, as the session tells it. */
type EndingCode = RefusalCode | 'relay-unreachable' | 'superseded';

const SENTENCES = {
  'relay-unreachable':
    'The relay does not answer: check its address and that it runs, and that the join token is its own.',
  'name-taken': 'Somebody in the room has this name: choose another.',
  replaced:
    'You have joined under this name from elsewhere, with your own keys: that one plays on, this one has ended.',
  superseded: 'The room had begun earlier than this player was told, and goes on by that time: join again.',
  'room-full':
    'No seat is left, sixteen can play in a room and fourteen listen: wait until somebody leaves, or meet in another room.',
  'rooms-full':
    'The relay has no room left: play in one that is open, or ask its operator for another relay.',
  'packet-frames-differ':
    'The others in this room use packets of another size: join with their size (--packet).',
  'epoch-taken': 'Somebody joined with the same random number: join again.',
} as const satisfies Readonly<Record<EndingCode, string>>;

/** What a player is told when the room did not take it, or takes it no more. */
export function refusal(code: EndingCode): Failure {
  return new Failure(code, SENTENCES[code]);
}
