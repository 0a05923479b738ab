import { Failure } from '@jamnet/base';

const SENTENCES: Readonly<Record<string, string>> = {
  'relay-unreachable':
    'The relay does not answer: check its address and that it runs, and that the join token is its own.',
  'name-taken': 'Somebody in the room has this name: choose another.',
  replaced:
    'You have joined under this name from elsewhere, with your own keys: that one plays on, this one has ended.',
  superseded: 'The room had begun earlier than this player was told, and goes on by that time: join again.',
};

/** What a player is told when the room did not take it, or takes it no more. */
export function refusal(code: string): Failure {
  return new Failure(code, SENTENCES[code] ?? `The relay refused the join: ${code}.`);
}
