import { expect, test } from 'vitest';
import { runVerifier, SAID_LENGTH_MAX } from './run-verifier.ts';

test('of a verifier that talks without end the beginning is kept', async () => {
  const key =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f somebody@example.org\n';
  const saidOf = async (keys: number): Promise<number> =>
    (await runVerifier('ssh-keygen', ['-l', '-f', '-'], key.repeat(keys)))?.length ?? 0;
  const one = await saidOf(1);
  expect(one).toBeGreaterThan(50);
  const said = await saidOf(5 * Math.ceil(SAID_LENGTH_MAX / one));
  expect(said).toBeGreaterThanOrEqual(SAID_LENGTH_MAX);
  // The piece in which the limit falls is the last, and a pipe gives no more than 64 KiB at once.
  expect(said).toBeLessThan(2 * SAID_LENGTH_MAX);
});
