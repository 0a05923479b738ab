import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say } from './run.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome.exe',
  'msedge.exe',
];
/** Where macOS keeps it. */
const MAC_APP = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of a Chromium for the browser tests. As root on Debian it is installed when absent; elsewhere the test command says what to do. */
export async function ensureChromium() {
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('installing Chromium from Debian for the browser tests (apt-get install chromium)');
    const quiet = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    await run('apt-get', ['update', '-qq'], quiet);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(
    'the browser tests need Chromium. Install it (Debian: "apt-get install chromium" as root), or name one in JAMNET_CHROMIUM, and run npm test again.',
  );
}

function find() {
  const named = process.env.JAMNET_CHROMIUM;
  const candidates = named
    ? [named]
    : [
        ...NAMES.flatMap((name) =>
          (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
        ),
        MAC_APP,
      ];
  return candidates.find((path) => existsSync(path) && works(path));
}

function works(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
