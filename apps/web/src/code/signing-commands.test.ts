import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signersLine, signingCommands } from './signing-commands.ts';

test('what is pasted into a shell puts the challenge into a file as it is, to the last byte', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-signing-'));
  try {
    const challenge = 'jamnet identity claim v1\nemail ada+$HOME@example.org\npayee p0\n';
    const [put = ''] = signingCommands(challenge, 'jamnet-identity').ssh.split('ssh-keygen');
    execFileSync('sh', ['-c', put], { cwd: directory });
    expect(readFileSync(join(directory, 'challenge'), 'utf8')).toBe(challenge);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('the line for a list of keys names the address and what the key may sign', () => {
  expect(signersLine('ada@example.org', 'jamnet-identity')).toBe(
    'ada@example.org namespaces="jamnet-identity" ssh-ed25519 AAAA…',
  );
});
