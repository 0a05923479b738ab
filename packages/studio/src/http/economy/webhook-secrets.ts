import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets in force at once: the new one and the one that it replaces. */
const SECRETS_MAX = 2;

/**
 * Shared secrets of `keys/<source>-webhook.secret`, one a line; none when the file is not there. Read at each event, so that a
 * secret is rotated without stopping the studio: add the new one, change it at the sender, remove the old one.
 */
export function webhookSecrets(keysDirectory: string, source: 'stripe' | 'order' | 'git'): readonly string[] {
  const file = join(keysDirectory, `${source}-webhook.secret`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, SECRETS_MAX);
}
