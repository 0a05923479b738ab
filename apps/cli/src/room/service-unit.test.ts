import { expect, test } from 'vitest';
import { serviceUnit } from './service-unit.ts';

test('a unit starts the same command with the flags for sound, and words that systemd would change are escaped', () => {
  const unit = serviceUnit('/opt/jamnet/main.ts', ['play', '--player', 'Ann "50%" $x']);
  const start = unit.split('\n').find((line) => line.startsWith('ExecStart='));
  expect(start).toContain('--single-threaded-gc');
  expect(start?.endsWith(' /opt/jamnet/main.ts play --player "Ann \\"50%%\\" $$x"')).toBe(true);
  for (const line of ['Restart=always', 'LimitRTPRIO=70', 'NoNewPrivileges=yes'])
    expect(unit).toContain(line);
});
