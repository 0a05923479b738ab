import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import type { Model } from './read-model.ts';
import type { InputTensor } from './tensor-bytes.ts';

/** Where a model is computed. `cpu`: ONNX Runtime's own code. `webgpu`: that, on a graphics card. `wasm`: compiled to WebAssembly, as in a browser. */
export type Backend = 'cpu' | 'webgpu' | 'wasm';

/** What both packages of ONNX Runtime share. */
interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: 'float32', values: Float32Array, dims: readonly number[]) => OrtTensor;
}

const ERRORS_ONLY = 3;

/**
 * One thread, sequential, no profile, no logs: a slot is one task's. Node's `cpu` needs an add-on, which the slots' permission
 * model refuses; `wasm` runs inside it.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: ERRORS_ONLY,
};

const loaded = new Map<Backend, Promise<Runtime>>();

/** Loaded on first use: a host that runs no model pays nothing for it. */
function runtimeOf(backend: Backend): Promise<Runtime> {
  const known = loaded.get(backend);
  if (known) return known;
  const runtime = backend === 'wasm' ? loadWasm() : loadNative();
  loaded.set(backend, runtime);
  return runtime;
}

async function loadNative(): Promise<Runtime> {
  return (await import('onnxruntime-node')).default;
}

async function loadWasm(): Promise<Runtime> {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  return runtime;
}

/** A model ready to run many inputs. `bytes` must be those that `readModel` gave `model` for. */
export class ModelRunner {
  readonly #model: Model;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  private constructor(model: Model, runtime: Runtime, session: InferenceSession) {
    this.#model = model;
    this.#runtime = runtime;
    this.#session = session;
  }

  static async open(model: Model, bytes: Uint8Array, backend: Backend): Promise<ModelRunner> {
    const runtime = await runtimeOf(backend);
    const session = await runtime.InferenceSession.create(bytes, {
      ...SESSION_OPTIONS,
      executionProviders: [backend],
    });
    return new ModelRunner(model, runtime, session);
  }

  async run({ dims, values }: InputTensor): Promise<Float32Array> {
    const { input, output } = this.#model;
    const answer = await this.#session.run({ [input]: new this.#runtime.Tensor('float32', values, dims) });
    return answer[output]?.data as Float32Array; // `readModel` lets float32 alone through, and the output is given.
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}
