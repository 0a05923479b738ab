import { lookAtLog } from '../log-check.ts';

// Run as another user than root, whom no permission stops: `node log-check-main.ts DIRECTORY VKEY` prints what the check says.
const [, , directory = '', vkey = ''] = process.argv;
process.stdout.write(String(await lookAtLog(directory, vkey)));
