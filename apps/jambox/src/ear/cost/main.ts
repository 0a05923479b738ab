import { raiseThread } from '../../realtime/priority.ts';
import { measureEar } from '../ear-cost.ts';

/** `node main.ts FRAMESxPACKETS` prints what an ear costs, in a process of its own. */
const [frames = 64, packets = 1000] = (process.argv[2] ?? '').split('x').map(Number);
raiseThread();
process.stdout.write(`${JSON.stringify(measureEar(frames, packets))}\n`);
