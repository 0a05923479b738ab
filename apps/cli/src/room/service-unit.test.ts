import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serviceUnit } from './service-unit.ts';

const STUDIO = { url: 'http://192.0.2.7:8440', tokenFile: '/srv/jam 100%/operator.token' };
const WORDS = ['play', '--player', 'Ann "50%" $x', '--service', '--data', '/srv/of-root', '--device=hw:1'];

function startOf(unit: string): string {
  return unit.split('\n').find((line) => line.startsWith('ExecStart=')) ?? '';
}

test('a unit starts the same command with the flags for sound, and words that systemd would change are escaped', () => {
  const unit = serviceUnit('/opt/jamnet/main.ts', WORDS, STUDIO);
  expect(startOf(unit)).toContain('--single-threaded-gc');
  expect(startOf(unit)).toContain(' /opt/jamnet/main.ts play --player "Ann \\"50%%\\" $$x" --device=hw:1 ');
  for (const line of ['Restart=always', 'LimitRTPRIO=70', 'NoNewPrivileges=yes'])
    expect(unit).toContain(line);
});

test("the unit's user is nobody: the token comes as a credential, keys lie in the state directory, the command asks for both", () => {
  const unit = serviceUnit('/opt/jamnet/main.ts', WORDS, STUDIO);
  expect(unit).toContain('\nLoadCredential=operator.token:/srv/jam 100%%/operator.token\n');
  expect(startOf(unit)).toMatch(
    / --studio http:\/\/192\.0\.2\.7:8440 --token-file %d\/operator\.token --data %S\/jamnet$/,
  );
  expect(startOf(unit)).not.toContain('/srv/of-root');
});

test('the key of a caster’s relay comes as a credential too', () => {
  const unit = serviceUnit('/opt/jamnet/main.ts', ['box', '--caster', '--relay-key', 'relay.key'], {
    ...STUDIO,
    relayKeyFile: '/srv/relay.key',
  });
  expect(unit).toContain('\nLoadCredential=relay.key:/srv/relay.key\n');
  expect(startOf(unit)).toMatch(/ box --caster --studio .* --relay-key %d\/relay\.key$/);
});

const hasAnalyzer = spawnSync('systemd-analyze', ['--version']).status === 0;
test.skipIf(!hasAnalyzer)('systemd finds nothing to say of it (skipped without systemd-analyze)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-unit-'));
  try {
    const file = join(directory, 'jamnet.service');
    writeFileSync(file, serviceUnit('/opt/jamnet/main.ts', WORDS, STUDIO));
    const { stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line.includes('jamnet.service'))).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
