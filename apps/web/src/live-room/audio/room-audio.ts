import processorUrl from './room-processor.ts?worker&url';
import { newRingBuffer } from './shared-ring.ts';

export type SoundSource =
  | { readonly kind: 'microphone'; readonly deviceId: string }
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'none' };

export type AudioCode =
  | 'not-isolated'
  | 'microphone-refused'
  | 'microphone-missing'
  | 'file-unreadable'
  | 'audio-failed';

export class AudioRefusal extends Error {
  readonly code: AudioCode;

  constructor(code: AudioCode, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

const SAMPLE_RATE_HZ = 48_000;
/** Frames a render quantum where the browser lets us choose; others take 128. */
const RENDER_FRAMES = 64;

/** The page's sound card: a context as quick as the browser allows, one processor, and the source that feeds it. */
export interface RoomAudio {
  readonly capture: SharedArrayBuffer;
  readonly playout: SharedArrayBuffer;
  /** Frames of a render quantum. */
  readonly quantumFrames: number;
  /** What the browser says its input takes, ms: 0 without one, or where it does not say. */
  inputMs(): number;
  /** What the browser itself says its output takes, ms. */
  outputMs(): number;
  close(): void;
}

export async function openRoomAudio(source: SoundSource): Promise<RoomAudio> {
  if (!globalThis.crossOriginIsolated || typeof SharedArrayBuffer === 'undefined')
    throw new AudioRefusal('not-isolated');
  const options = { latencyHint: 0, sampleRate: SAMPLE_RATE_HZ, renderSizeHint: RENDER_FRAMES };
  const context = new AudioContext(options);
  const close = (): void => void context.close();
  try {
    await context.audioWorklet.addModule(processorUrl);
    const capture = newRingBuffer();
    const playout = newRingBuffer();
    const node = new AudioWorkletNode(context, 'jamnet-room', {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: { capture, playout },
    });
    node.connect(context.destination);
    const input = await connectSource(context, source, node);
    await context.resume();
    const { renderQuantumSize = 128 } = context as { renderQuantumSize?: number };
    return {
      capture,
      playout,
      quantumFrames: renderQuantumSize,
      inputMs: () => (input.inputMs === 0 ? 0 : input.inputMs + (1000 * renderQuantumSize) / SAMPLE_RATE_HZ),
      outputMs: () => 1000 * (context.baseLatency + (context.outputLatency || 0)),
      close: () => {
        input.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error instanceof AudioRefusal ? error : new AudioRefusal('audio-failed', error);
  }
}

async function connectSource(
  context: AudioContext,
  source: SoundSource,
  node: AudioNode,
): Promise<{ readonly inputMs: number; readonly stop: () => void }> {
  if (source.kind === 'none') return { inputMs: 0, stop: () => undefined };
  if (source.kind === 'file') {
    const buffer = await context.decodeAudioData(await source.file.arrayBuffer()).catch((cause: unknown) => {
      throw new AudioRefusal('file-unreadable', cause);
    });
    const player = new AudioBufferSourceNode(context, { buffer, loop: true });
    player.connect(node);
    player.start();
    return { inputMs: 0, stop: () => player.stop() };
  }
  const stream = await openMicrophone(source.deviceId);
  new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(node);
  // `latency` is of Media Capture §4.3.8, s; the DOM library does not know it.
  const { latency = 0 } = (stream.getAudioTracks()[0]?.getSettings() ?? {}) as { latency?: number };
  return {
    inputMs: 1000 * latency,
    stop: () => {
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

/** Everything that a browser does to voices ruins music and costs delay: all of it off. */
async function openMicrophone(deviceId: string): Promise<MediaStream> {
  const chosen = deviceId === '' ? {} : { deviceId: { exact: deviceId } };
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: {
        ...chosen,
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
        channelCount: 1,
        sampleRate: SAMPLE_RATE_HZ,
      },
    });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    throw new AudioRefusal(
      name === 'NotAllowedError' || name === 'SecurityError' ? 'microphone-refused' : 'microphone-missing',
      cause,
    );
  }
}
