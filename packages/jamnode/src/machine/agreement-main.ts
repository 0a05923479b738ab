import { measureAgreement } from './agreement.ts';

/** One JSON line for the back end of the first argument. A process of its own, because drivers crash and write to stderr. */
const measured = await measureAgreement(process.argv[2] === 'webgpu' ? 'webgpu' : 'wasm');
process.stdout.write(`${JSON.stringify(measured)}\n`);
