import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Failure } from '@jamnet/base';
import type { NodeStatus } from './node-status.ts';

/** What an owner may ask of a running node. `rules`: read the rule file again. */
export const CONTROL_WORDS = ['status', 'pause', 'resume', 'drain', 'rules'] as const;
export type ControlWord = (typeof CONTROL_WORDS)[number];

export type ControlAnswer =
  | { readonly ok: true; readonly status: NodeStatus }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Questions are one word: whoever sends more is cut off. */
const LINE_BYTES_MAX = 64;
const CONNECTIONS_MAX = 8;

/**
 * Listens on a node's control socket until the answer is called: one word a line, one line of JSON back. The socket lies in a
 * directory of the owner's alone, which is who may ask. Throws `node-running` when another node has the directory.
 */
export async function serveControl(
  path: string,
  answer: (word: ControlWord) => ControlAnswer,
): Promise<() => Promise<void>> {
  const server = createServer((socket) => converse(socket, answer));
  server.maxConnections = CONNECTIONS_MAX;
  if (!(await listens(server, path))) {
    if (await answers(path))
      throw new Failure(
        'node-running',
        'A node runs in this directory already: name another with --directory.',
      );
    rmSync(path, { force: true }); // Left by a node that was killed.
    if (!(await listens(server, path)))
      throw new Failure('control-socket-failed', `The control socket ${path} cannot be opened.`);
  }
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function converse(socket: Socket, answer: (word: ControlWord) => ControlAnswer): void {
  let text = '';
  socket.on('error', () => socket.destroy()); // It hung up.
  socket.on('data', (bytes) => {
    text += bytes;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const word = CONTROL_WORDS.find((each) => each === line);
      const said = word ? answer(word) : unknownWord();
      socket.write(`${JSON.stringify(said)}\n`);
    }
    if (text.length > LINE_BYTES_MAX) socket.destroy();
  });
}

function unknownWord(): ControlAnswer {
  return { ok: false, code: 'control-word-unknown', message: `Say one of ${CONTROL_WORDS.join(', ')}.` };
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const fail = (): void => resolve(false);
    server.once('error', fail);
    server.listen(path, () => {
      server.off('error', fail);
      resolve(true);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
