import { compareBackends } from './compare-backends.ts';

/** One JSON line: what the graphics card computes. A process of its own, because drivers crash and write to stderr. */
const compared = await compareBackends(['cpu', 'webgpu'], () => performance.now());
process.stdout.write(`${JSON.stringify(compared)}\n`);
