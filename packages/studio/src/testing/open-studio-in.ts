import { fileURLToPath } from 'node:url';
import { parseStudioConfig } from '../config/studio-config.ts';
import { openStudio, type Studio } from '../studio.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Opens a studio over a data directory, to listen on a free port; with `create` false, only one that is there. */
export async function openStudioIn(directory: string, create = true): Promise<Studio> {
  const config = parseStudioConfig({ data: directory, port: '0' });
  if (!config.ok) throw new Error(config.message);
  const opened = await openStudio(config.value, { checkout: CHECKOUT, create });
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}
