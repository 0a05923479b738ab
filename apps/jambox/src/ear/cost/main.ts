import { raiseThread } from '../../realtime/priority.ts';
import { measureEar } from '../ear-cost.ts';

/** `node main.ts FRAMESxPACKETS[xNORMAL]` prints what an ear costs, in a process of its own; NORMAL 1: without priority over other work. */
const [frames = 64, packets = 1000, isNormal = 0] = (process.argv[2] ?? '').split('x').map(Number);
if (isNormal === 0) raiseThread();
process.stdout.write(`${JSON.stringify(await measureEar(frames, packets))}\n`);
