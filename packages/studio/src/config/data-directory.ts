import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a program keeps its data by the custom of the platform, unless `--data` or `JAMNET_DATA` names a place. */
export function defaultDataDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment.JAMNET_DATA) return environment.JAMNET_DATA;
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'JAMNet');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'JAMNet');
  return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jamnet');
}
