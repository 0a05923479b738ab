import type { Page } from 'playwright-core';

/** Reports kept: four a second for 40 minutes. */
const REPORTS_MAX = 9600;

/** What Chromium granted, as its own objects tell it. */
export interface GrantedAudio {
  readonly sampleRateHz: number;
  readonly quantumFrames: number;
  readonly baseLatencyMs: number;
  readonly outputLatencyMs: number;
  /** Of the microphone's track; `null` where none was opened. */
  readonly microphone: {
    readonly echoCancellation?: boolean;
    readonly noiseSuppression?: boolean;
    readonly autoGainControl?: boolean;
    readonly channelCount?: number;
    readonly sampleRate?: number;
  } | null;
}

/** The parts of a room report (`apps/web/src/live-room/messages.ts`) that the bench reads. */
export interface SeenReport {
  readonly phase: string;
  readonly path: string;
  readonly starved: number;
  readonly refusedPackets: number;
  readonly players: readonly {
    readonly player: string;
    readonly stages: { readonly networkMs: number; readonly bufferMs: number; readonly cushionMs: number };
    readonly lostPercent: number;
    readonly recovered: number;
    readonly concealed: number;
    readonly packets: number;
  }[];
}

/** Listens in on a room's page before its own scripts run: what its card is given, what its worker reports, what it was granted. */
export async function tapPage(page: Page): Promise<void> {
  await page.addInitScript(`{
    const seen = { reports: [], contexts: [], streams: [] };
    const recorders = { output: newRecorder(), input: newRecorder() };
    function newRecorder() {
      return { blocks: [], wanted: 0, done: null };
    }
    const tapped = (node, recorder) => {
      const tap = node.context.createScriptProcessor(4096, 1, 1);
      tap.onaudioprocess = ({ inputBuffer }) => {
        if (recorder.done === null) return;
        recorder.blocks.push(inputBuffer.getChannelData(0).slice());
        if (recorder.blocks.length * 4096 < recorder.wanted) return;
        const resolve = recorder.done;
        recorder.done = null;
        resolve();
      };
      node.connect(tap);
      tap.connect(node.context.destination);
    };
    const Context = AudioContext;
    globalThis.AudioContext = class extends Context {
      constructor(...args) { super(...args); seen.contexts.push(this); }
    };
    const Node = AudioWorkletNode;
    globalThis.AudioWorkletNode = class extends Node {
      constructor(...args) { super(...args); tapped(this, recorders.output); }
    };
    const Source = MediaStreamAudioSourceNode;
    globalThis.MediaStreamAudioSourceNode = class extends Source {
      constructor(...args) { super(...args); tapped(this, recorders.input); }
    };
    const Native = Worker;
    globalThis.Worker = class extends Native {
      constructor(...args) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          if (data?.type !== 'report') return;
          seen.reports.push(data.report);
          if (seen.reports.length > ${REPORTS_MAX}) seen.reports.shift();
        });
      }
    };
    const media = navigator.mediaDevices;
    const open = media?.getUserMedia.bind(media);
    if (media) media.getUserMedia = async (wish) => {
      const stream = await open(wish);
      seen.streams.push(stream);
      return stream;
    };
    globalThis.takeReports = () => seen.reports.splice(0);
    globalThis.grantedAudio = () => {
      const context = seen.contexts.at(-1);
      return {
        sampleRateHz: context.sampleRate,
        quantumFrames: context.renderQuantumSize ?? 128,
        baseLatencyMs: 1000 * context.baseLatency,
        outputLatencyMs: 1000 * context.outputLatency,
        microphone: seen.streams.at(-1)?.getAudioTracks()[0]?.getSettings() ?? null,
      };
    };
    globalThis.takeRecorded = async (end, frames) => {
      const recorder = recorders[end];
      recorder.blocks.length = 0;
      recorder.wanted = frames;
      await new Promise((resolve) => { recorder.done = resolve; });
      const bytes = new Uint8Array(recorder.blocks.length * 4096 * 4);
      recorder.blocks.forEach((block, i) => bytes.set(new Uint8Array(block.buffer), i * 4096 * 4));
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    };
  }`);
}

/** About `frames` samples from now on: what the page's microphone gave, or what its card was given. */
export async function takeRecorded(
  page: Page,
  end: 'input' | 'output',
  frames: number,
): Promise<Float32Array> {
  // The functions here and below are those installed by tapPage.
  const text = (await page.evaluate(`takeRecorded("${end}", ${frames})`)) as string;
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** The room reports since the last call. */
export async function takeReports(page: Page): Promise<readonly SeenReport[]> {
  return (await page.evaluate('takeReports()')) as readonly SeenReport[];
}

export async function grantedAudio(page: Page): Promise<GrantedAudio> {
  return (await page.evaluate('grantedAudio()')) as GrantedAudio;
}

/** Bytes of JavaScript in the page and its workers, after what the browser collects for it. */
export async function memoryBytes(page: Page): Promise<number> {
  return (await page.evaluate(
    'performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)',
  )) as number;
}
