/**
 * Preloaded into each child process (`--import`): the parent holds the other end of stdin, and when it is gone, however
 * it ended, so is the child. Without this a killed studio would leave peers and nodes behind.
 */
process.stdin.on('end', () => process.exit(143));
process.stdin.on('error', () => process.exit(143));
process.stdin.resume();
process.stdin.unref?.();
