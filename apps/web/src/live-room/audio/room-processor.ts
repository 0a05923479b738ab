// realtime
import { SharedRing } from './shared-ring.ts';

/** What an AudioWorklet's global scope has, of which TypeScript's DOM library knows nothing. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: ProcessorOptions) => AudioWorkletProcessor,
): void;

interface ProcessorOptions {
  readonly processorOptions: { readonly capture: SharedArrayBuffer; readonly playout: SharedArrayBuffer };
}

const QUANTUM_MAX = 2048;

/** The sound card's end of the room: what is captured goes to the worker, what the worker made goes to the ear. Nothing else happens here. */
class RoomProcessor extends AudioWorkletProcessor {
  readonly #capture: SharedRing;
  readonly #playout: SharedRing;
  readonly #silence = new Float32Array(QUANTUM_MAX);
  /** Views of the silence by length, made once per length. */
  #quiet = new Float32Array(128);

  constructor(options: ProcessorOptions) {
    super();
    this.#capture = new SharedRing(options.processorOptions.capture);
    this.#playout = new SharedRing(options.processorOptions.playout);
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const left = outputs[0]?.[0];
    if (left === undefined) return true;
    const microphone = inputs[0]?.[0];
    if (microphone !== undefined && microphone.length === left.length) this.#capture.write(microphone);
    else {
      if (this.#quiet.length !== left.length) this.#quiet = this.#silence.subarray(0, left.length);
      this.#capture.write(this.#quiet);
    }
    this.#playout.read(left);
    const right = outputs[0]?.[1];
    if (right !== undefined) right.set(left);
    return true;
  }
}

registerProcessor('jamnet-room', RoomProcessor);
