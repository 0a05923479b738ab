import { spawn } from 'node:child_process';
import { Failure } from '@jamnet/base';
import { MACHINE_ENVIRONMENT } from '../machine-environment.ts';

/** Longest answer of one git command kept in memory. */
export const GIT_OUTPUT_BYTES_MAX = 1 << 30;

/**
 * Settings that make git's answers depend on the objects alone: no system or user configuration, no replaced objects,
 * no prompts, no fetching behind our back, `.mailmap` untouched by a dirty checkout.
 */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

const SETTINGS = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

interface GitLimits {
  /** Default: none. */
  readonly secondsMax?: number;
  /** Default: {@link GIT_OUTPUT_BYTES_MAX}. */
  readonly outputBytesMax?: number;
}

/**
 * Runs `git ARGUMENTS` and gives its standard output. Throws {@link Failure} `git-failed` with what git said, also after
 * `secondsMax`; `git-output-too-large`; `git-missing`.
 */
export function git(
  args: readonly string[],
  input: string | Uint8Array = '',
  { secondsMax, outputBytesMax = GIT_OUTPUT_BYTES_MAX }: GitLimits = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...SETTINGS, ...args], {
      env: { ...MACHINE_ENVIRONMENT, ...ENVIRONMENT },
      stdio: 'pipe',
      ...(secondsMax === undefined ? {} : { timeout: secondsMax * 1000 }),
    });
    const out: Buffer[] = [];
    let outBytes = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > outputBytesMax) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 4000) said += chunk.toString('utf8');
    });
    child.on('error', (cause) =>
      reject(new Failure('git-missing', 'git could not be started: install git.', { cause })),
    );
    child.on('close', (status) => {
      const command = `git ${args.slice(0, 4).join(' ')}`;
      if (outBytes > outputBytesMax)
        reject(
          new Failure('git-output-too-large', `${command} says more than ${outputBytesMax} bytes at once.`),
        );
      else if (status === 0) resolve(Buffer.concat(out));
      else reject(new Failure('git-failed', `${command}: ${said.trim() || `status ${status}`}`));
    });
    // A git that stops early closes its input; the exit status tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
