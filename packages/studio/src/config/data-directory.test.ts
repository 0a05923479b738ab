import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultDataDirectory } from './data-directory.ts';

test.each([
  ['linux', {}, join(homedir(), '.local', 'share', 'jamnet')],
  ['linux', { XDG_DATA_HOME: '/data' }, join('/data', 'jamnet')],
  ['darwin', {}, join(homedir(), 'Library', 'Application Support', 'JAMNet')],
  ['win32', { LOCALAPPDATA: 'C:\\Local' }, join('C:\\Local', 'JAMNet')],
  ['linux', { JAMNET_DATA: '/elsewhere', XDG_DATA_HOME: '/data' }, '/elsewhere'],
] as const)('on %s with %j data is kept in %s', (platform, environment, expected) => {
  expect(defaultDataDirectory(environment, platform)).toBe(expected);
});
