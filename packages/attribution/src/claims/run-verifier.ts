import { spawn } from 'node:child_process';
import { MACHINE_ENVIRONMENT } from '../machine-environment.ts';

const VERIFY_SECONDS_MAX = 20;
/** What a verifier says that is read. */
export const SAID_LENGTH_MAX = 64 << 10;

/** What the program printed; `null` when it refused. */
export function runVerifier(
  program: 'ssh-keygen' | 'gpg',
  args: readonly string[],
  input: string,
): Promise<string | 'missing' | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...MACHINE_ENVIRONMENT, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: VERIFY_SECONDS_MAX * 1000,
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (said.length < SAID_LENGTH_MAX) said += chunk.toString('utf8');
    });
    child.on('error', () => resolve('missing'));
    child.on('close', (status) => resolve(status === 0 ? said : null));
    // It may refuse before it has read everything; its status tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
