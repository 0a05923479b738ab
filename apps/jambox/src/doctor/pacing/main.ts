import { probePacing } from '../pacing-probe.ts';

/** A process of its own, started as sound processes are: what it sees is what they get. */
const probe = await probePacing(Number(process.argv[2]) || 1);
process.stdout.write(`${JSON.stringify(probe)}\n`);
