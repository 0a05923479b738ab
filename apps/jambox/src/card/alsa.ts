import koffi from 'koffi';
import { nativeMemory } from '../net/libc.ts';

/** Integers of `alsa/pcm.h`. */
export const ALSA = {
  playback: 0,
  capture: 1,
  nonblock: 1,
  accessInterleaved: 3,
  formatS16: 2,
  formatS32: 10,
} as const;

/** The few calls of libasound that a card needs. Pointers are addresses as numbers. */
export interface Alsa {
  open(handle: number, name: string, stream: number, mode: number): number;
  close(pcm: number): number;
  paramsMalloc(place: number): number;
  paramsFree(params: number): void;
  paramsAny(pcm: number, params: number): number;
  setAccess(pcm: number, params: number, access: number): number;
  setFormat(pcm: number, params: number, format: number): number;
  setChannelsNear(pcm: number, params: number, channels: number): number;
  setRate(pcm: number, params: number, rate: number, direction: number): number;
  setPeriodNear(pcm: number, params: number, frames: number, direction: number): number;
  setBufferNear(pcm: number, params: number, frames: number): number;
  setParams(pcm: number, params: number): number;
  softwareMalloc(place: number): number;
  softwareFree(params: number): void;
  softwareCurrent(pcm: number, params: number): number;
  setStartThreshold(pcm: number, params: number, frames: number): number;
  setSoftware(pcm: number, params: number): number;
  link(one: number, other: number): number;
  prepare(pcm: number): number;
  start(pcm: number): number;
  drop(pcm: number): number;
  avail(pcm: number): number;
  delay(pcm: number, frames: number): number;
  readi(pcm: number, buffer: number, frames: number): number;
  writei(pcm: number, buffer: number, frames: number): number;
  strerror(error: number): string;
  /** Names that `open` takes. */
  names(): string[];
}

let loaded: Alsa | null | undefined;

/** libasound by `koffi`; `null` where the system has none. */
export function loadAlsa(): Alsa | null {
  if (loaded === undefined) loaded = bind();
  return loaded;
}

const PCM = 'uintptr_t pcm';
const PARAMS = 'uintptr_t pcm, uintptr_t params';

function bind(): Alsa | null {
  if (process.platform !== 'linux') return null;
  try {
    const library = koffi.load('libasound.so.2');
    const of = (result: string, name: string, rest: string) => library.func(`${result} snd_${name}(${rest})`);
    return {
      open: of('int', 'pcm_open', 'uintptr_t handle, const char *name, int stream, int mode'),
      close: of('int', 'pcm_close', PCM),
      paramsMalloc: of('int', 'pcm_hw_params_malloc', 'uintptr_t place'),
      paramsFree: of('void', 'pcm_hw_params_free', 'uintptr_t params'),
      paramsAny: of('int', 'pcm_hw_params_any', PARAMS),
      setAccess: of('int', 'pcm_hw_params_set_access', `${PARAMS}, int access`),
      setFormat: of('int', 'pcm_hw_params_set_format', `${PARAMS}, int format`),
      setChannelsNear: of('int', 'pcm_hw_params_set_channels_near', `${PARAMS}, uintptr_t channels`),
      setRate: of('int', 'pcm_hw_params_set_rate', `${PARAMS}, unsigned int rate, int direction`),
      setPeriodNear: of(
        'int',
        'pcm_hw_params_set_period_size_near',
        `${PARAMS}, uintptr_t frames, uintptr_t way`,
      ),
      setBufferNear: of('int', 'pcm_hw_params_set_buffer_size_near', `${PARAMS}, uintptr_t frames`),
      setParams: of('int', 'pcm_hw_params', PARAMS),
      softwareMalloc: of('int', 'pcm_sw_params_malloc', 'uintptr_t place'),
      softwareFree: of('void', 'pcm_sw_params_free', 'uintptr_t params'),
      softwareCurrent: of('int', 'pcm_sw_params_current', PARAMS),
      setStartThreshold: of('int', 'pcm_sw_params_set_start_threshold', `${PARAMS}, unsigned long frames`),
      setSoftware: of('int', 'pcm_sw_params', PARAMS),
      link: of('int', 'pcm_link', 'uintptr_t one, uintptr_t other'),
      prepare: of('int', 'pcm_prepare', PCM),
      start: of('int', 'pcm_start', PCM),
      drop: of('int', 'pcm_drop', PCM),
      avail: of('long', 'pcm_avail', PCM),
      delay: of('int', 'pcm_delay', `${PCM}, uintptr_t frames`),
      readi: of('long', 'pcm_readi', `${PCM}, uintptr_t buffer, unsigned long frames`),
      writei: of('long', 'pcm_writei', `${PCM}, uintptr_t buffer, unsigned long frames`),
      strerror: of('const char *', 'strerror', 'int error'),
      names: () => namesOf(of),
    };
  } catch {
    return null;
  }
}

type Of = (result: string, name: string, rest: string) => (...values: unknown[]) => unknown;

/** Hints are a C array of pointers that ends with a null pointer (`alsa/control.h`). */
function namesOf(of: Of): string[] {
  const hint = of('int', 'device_name_hint', 'int card, const char *kind, uintptr_t hints');
  const get = of('const char *', 'device_name_get_hint', 'uintptr_t hint, const char *id');
  const free = of('int', 'device_name_free_hint', 'uintptr_t hints');
  const place = nativeMemory(8);
  if (hint(-1, 'pcm', place.address) !== 0) return [];
  const hints = Number(place.view.getBigUint64(0, true));
  const names: string[] = [];
  for (let at = hints; names.length < 256; at += 8) {
    const one = Number(koffi.decode(BigInt(at), 'uint64_t'));
    if (one === 0) break;
    // ALSA's own device that throws sound away is no card, and a hint without a name none either.
    const name = get(one, 'NAME');
    if (typeof name === 'string' && name !== 'null') names.push(name);
  }
  free(hints);
  return names;
}
