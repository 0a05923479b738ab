import { readFileSync } from 'node:fs';

/**
 * Preloaded into each child process before its program: takes the options from the pipe on descriptor 3 and puts them where the
 * program reads them. On the command line every user of the machine could read the keys among them.
 */
process.argv[2] = readFileSync(3, 'utf8');
