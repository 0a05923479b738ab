import { connect } from 'node:net';
import { Failure } from '@jamnet/base';
import type { ControlAnswer, ControlWord } from './control-server.ts';

const TIMEOUT_MS = 5_000;

/** One word to the node of a directory, and its answer. Rejects with `node-not-running`. */
export function askControl(path: string, word: ControlWord): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(`${word}\n`));
    const fail = (): void => {
      socket.destroy();
      reject(new Failure('node-not-running', 'No node runs in this directory: start it with "jamnet node".'));
    };
    socket.setTimeout(TIMEOUT_MS, fail);
    socket.on('error', fail);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes;
      if (!text.includes('\n')) return;
      socket.end();
      resolve(JSON.parse(text) as ControlAnswer); // The node of this directory is our own program.
    });
    socket.on('end', fail);
  });
}
