import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { MODEL_BYTES_MAX } from '../onnx/read-model.ts';
import { fetchModel } from './fetch-model.ts';

const SHA256 = 'ab'.repeat(32);
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** The coordinator's address of a studio that answers so. */
async function studio(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mesh`; // It listens on a port.
}

test('a model is asked for by its hash at the studio of the coordinator', async () => {
  const asked: (string | undefined)[] = [];
  const url = await studio((request, response) => {
    asked.push(request.url);
    response.end('model');
  });
  const fetched = await fetchModel(url, SHA256);
  expect(fetched.ok && new TextDecoder().decode(fetched.value)).toBe('model');
  expect(asked).toEqual([`/public/models/${SHA256}.onnx`]);
});

test.each<[string, RequestListener]>([
  ['knows no such model', (_, response) => response.writeHead(404).end()],
  ['sends elsewhere', (_, response) => response.writeHead(302, { location: '/other' }).end()],
  [
    'breaks off',
    (_, response) => response.writeHead(200, { 'content-length': '9' }).end('four', () => response.destroy()),
  ],
])('a studio that %s is refused', async (_, answer) => {
  expect(await fetchModel(await studio(answer), SHA256)).toMatchObject({
    ok: false,
    code: 'model-unreachable',
  });
});

test('a studio that is not there is refused', async () => {
  expect(await fetchModel('ws://127.0.0.1:1/mesh', SHA256)).toMatchObject({ code: 'model-unreachable' });
});

test('a file without end is broken off where a model has to end', async () => {
  let gone = false;
  const url = await studio((_, response) => {
    const piece = Buffer.alloc(1 << 20);
    response.on('close', () => {
      gone = true;
    });
    const more = (): void => {
      if (!gone) response.write(piece, more);
    };
    more();
  });
  expect(await fetchModel(url, SHA256)).toEqual({
    ok: false,
    code: 'model-too-large',
    message: `The studio sends more than ${MODEL_BYTES_MAX} bytes.`,
  });
});
