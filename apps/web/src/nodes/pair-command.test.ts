import { expect, test } from 'vitest';
import { pairCommand } from './pair-command.ts';

test('on the studio’s own machine the command needs the code alone', () => {
  const page = { protocol: 'http:', host: '127.0.0.1:8440', hostname: '127.0.0.1' };
  expect(pairCommand('ABCD-EFGH', page)).toBe('npm run jamnet -- node pair ABCD-EFGH');
});

test('elsewhere it names the studio', () => {
  const page = { protocol: 'https:', host: 'studio.example:8443', hostname: 'studio.example' };
  expect(pairCommand('ABCD-EFGH', page)).toBe(
    'npm run jamnet -- node pair ABCD-EFGH --url wss://studio.example:8443/mesh',
  );
});
