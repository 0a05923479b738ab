/**
 * Times PNBTR in a real AudioWorklet of Chromium: `node scripts/concealment/time-in-worklet.ts`, with the browser at
 * --chromium (default /usr/bin/chromium). A worklet's only clock is Date.now, in whole milliseconds, so batches of blocks
 * are timed; of the batches the fastest is told, which other work on the machine disturbed least. No single worst block
 * can be seen there. Prints one JSON object, times in µs.
 */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    packets: { type: 'string', default: '64,128' },
    batches: { type: 'string', default: '100' },
  },
});

/** What runs in the worklet: all batches within one call of process. `pair`: a lost packet and the one behind it. */
const WORKLET = `
import { Concealer } from '/packages/pnbtr/src/concealer.ts';
registerProcessor('bench', class extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.options = processorOptions;
  }
  process() {
    if (this.options === null) return false;
    const { packetFrames, batches } = this.options;
    this.options = null;
    const concealer = new Concealer({ sampleRateHz: sampleRate, packetFrames });
    const packet = new Float32Array(packetFrames);
    const out = new Float32Array(packetFrames);
    let n = 0;
    const receive = () => {
      for (let i = 0; i < packetFrames; i++, n++)
        packet[i] = 0.3 * Math.sin(n * 0.05) + 0.2 * Math.sin(n * 0.21) + 0.04 * Math.sin(n * n);
      concealer.receive(packet, out);
    };
    const make = () => {
      for (let i = 0; i < packetFrames; i++, n++)
        packet[i] = 0.3 * Math.sin(n * 0.05) + 0.2 * Math.sin(n * 0.21) + 0.04 * Math.sin(n * n);
    };
    for (let p = 0; p < 1600; p++) receive();
    const fastest = (blocks, one) => {
      let least = Infinity;
      for (let batch = 0; batch < batches; batch++) {
        const begun = Date.now();
        for (let p = 0; p < blocks; p++) one();
        least = Math.min(least, Date.now() - begun);
      }
      return (1000 * least) / blocks;
    };
    const makeUs = fastest(1000, make);
    const receiveUs = fastest(1000, receive) - makeUs;
    const pairUs = fastest(20, () => { concealer.conceal(out); receive(); }) - makeUs;
    this.port.postMessage({ packetFrames, isWasm: concealer.isWasm, receiveUs, pairUs });
    return false;
  }
});`;

function answer(path: string, response: ServerResponse): void {
  if (path === '/') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>PNBTR</title>');
    return;
  }
  try {
    const body = path === '/worklet.js' ? WORKLET : moduleAt(path);
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** A source as the browser takes it: without types, and with a path for the one package that it imports. */
function moduleAt(path: string): string {
  const source = readFileSync(join(ROOT, path), 'utf8');
  return stripTypeScriptTypes(source).replaceAll("'@jamnet/base'", "'/packages/base/src/index.ts'");
}

const server = createServer((request, response) => answer(request.url ?? '/', response));
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${port}/`);
  const rows: unknown[] = [];
  for (const packetFrames of values.packets.split(',').map(Number)) {
    const choice = { packetFrames, batches: Number(values.batches) };
    rows.push(
      await page.evaluate(async (processorOptions) => {
        const context = new OfflineAudioContext(1, 128, 48_000);
        await context.audioWorklet.addModule('/worklet.js');
        const node = new AudioWorkletNode(context, 'bench', { processorOptions });
        const done = new Promise((told) => {
          node.port.onmessage = ({ data }) => told(data);
        });
        node.connect(context.destination);
        await context.startRendering();
        return done;
      }, choice),
    );
  }
  console.log(JSON.stringify({ chromium: browser.version(), rows }, null, 2));
} finally {
  await browser.close();
  server.close();
}
