import { Failure } from '@jamnet/base';

/** What a player is told when the room did not take it. */
export function refusal(code: string): Failure {
  return new Failure(
    code,
    code === 'relay-unreachable'
      ? 'The relay does not answer: check its address and that it runs, and that the join token is its own.'
      : `The relay refused the join: ${code}.`,
  );
}
