import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.JAMNET_CHROMIUM ?? '/usr/bin/chromium';

/** Chromium with a microphone that plays `wav` and a user who allows it; QUIC stays on, for WebTransport. */
export function openRoomBrowser(wav: string): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${wav}`,
    ],
  });
}

/** Records what the page's sound processor gives to the card, before the page's own scripts run. */
export async function recordOutput(page: Page): Promise<void> {
  await page.addInitScript(`{
    const blocks = [];
    let wanted = 0;
    let done = null;
    const Native = AudioWorkletNode;
    globalThis.AudioWorkletNode = class extends Native {
      constructor(context, name, options) {
        super(context, name, options);
        const tap = context.createScriptProcessor(4096, 1, 1);
        tap.onaudioprocess = ({ inputBuffer }) => {
          if (done === null) return;
          blocks.push(inputBuffer.getChannelData(0).slice());
          if (blocks.length * 4096 < wanted) return;
          const resolve = done;
          done = null;
          resolve();
        };
        this.connect(tap);
        tap.connect(context.destination);
      }
    };
    globalThis.takeRecorded = async (frames) => {
      blocks.length = 0;
      wanted = frames;
      await new Promise((resolve) => { done = resolve; });
      const bytes = new Uint8Array(blocks.length * 4096 * 4);
      blocks.forEach((block, i) => bytes.set(new Uint8Array(block.buffer), i * 4096 * 4));
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    };
  }`);
}

/** About `frames` samples that the card was given from now on. */
export async function takeRecorded(page: Page, frames: number): Promise<Float32Array> {
  // The function installed by recordOutput.
  const text = (await page.evaluate(`takeRecorded(${frames})`)) as string;
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}
