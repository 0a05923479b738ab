import { Failure } from '@jamnet/base';
import { parseStudioConfig } from '../config/studio-config.ts';
import { openStudio } from '../studio.ts';

/** A studio for `jamnet bench scale` in a process of its own; the argument is {@link StudioChild} in JSON, one line says where it listens. */
export interface StudioChild {
  readonly directory: string;
  readonly checkout: string;
}

const { directory, checkout } = JSON.parse(process.argv[2] ?? '{}') as StudioChild; // Our own parent wrote it.
const config = parseStudioConfig({ data: directory, port: '0' });
if (!config.ok) throw new Failure(config.code, config.message);
const opened = await openStudio(config.value, { checkout, create: true });
if (!opened.ok) throw new Failure(opened.code, opened.message);
const studio = opened.value;
process.stdout.write(`${JSON.stringify({ url: await studio.listen(), pid: process.pid })}\n`);
process.once('SIGTERM', () => void studio.close().then(() => process.exit(0)));
