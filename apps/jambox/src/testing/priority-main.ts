import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lowerThread, raiseThread } from '../realtime/priority.ts';

/** Prints how this thread and a program that it starts are scheduled, raised and lowered again: `proc(5)`, field 41. */
const policyOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);
const own = (): number => policyOf(readFileSync('/proc/thread-self/stat', 'utf8'));
const childs = (): number => policyOf(execFileSync('cat', ['/proc/self/stat'], { encoding: 'utf8' }));

const { scheduling } = raiseThread();
const raised = { own: own(), child: childs() };
lowerThread();
process.stdout.write(JSON.stringify({ scheduling, raised, lowered: { own: own(), child: childs() } }));
