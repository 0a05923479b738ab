import { Failure } from '@jamnet/base';
import { limits } from '@jamnet/toast';
import { nativeMemory } from '../net/libc.ts';
import { ALSA, type Alsa } from './alsa.ts';

/** Periods that the device's buffer holds: two are the least that plays, the third bears a late wake-up. */
const PERIODS = 3;

/** One direction of a device, as it agreed to run. */
export interface AlsaStream {
  readonly pcm: number;
  readonly channels: number;
  readonly sampleBytes: 2 | 4;
  readonly periodFrames: number;
  readonly bufferFrames: number;
}

/** Opens a device for periods of one packet at 48 kHz; says what it cannot do, and which devices there are. */
export function openAlsaStream(
  alsa: Alsa,
  device: string,
  direction: 'capture' | 'playback',
  frames: number,
): AlsaStream {
  const cell = nativeMemory(8);
  const opened = alsa.open(cell.address, device, ALSA[direction], ALSA.nonblock);
  if (opened < 0) throw unknownDevice(alsa, device, direction, opened);
  const pcm = Number(cell.view.getBigUint64(0, true));
  try {
    return { pcm, ...agree(alsa, pcm, device, frames) };
  } catch (error) {
    alsa.close(pcm);
    throw error;
  }
}

function unknownDevice(alsa: Alsa, device: string, direction: string, error: number): Failure {
  const names = alsa.names();
  const list = names.length === 0 ? 'the system shows none' : names.join(', ');
  return new Failure(
    'device-unknown',
    `Cannot open "${device}" for ${direction}: ${alsa.strerror(error)}. Devices here: ${list}. Free it from other programs, or name another; without a card use --wav, --input - or --output -.`,
  );
}

function agree(alsa: Alsa, pcm: number, device: string, frames: number): Omit<AlsaStream, 'pcm'> {
  const cell = nativeMemory(8);
  const must = (what: string, code: number): void => {
    if (code >= 0) return;
    throw new Failure(
      'device-unfit',
      `"${device}" takes no ${what} (${alsa.strerror(code)}): try "plug${device}", which converts, or another --packet.`,
    );
  };
  alsa.paramsMalloc(cell.address);
  const params = Number(cell.view.getBigUint64(0, true));
  try {
    must('sound', alsa.paramsAny(pcm, params));
    must('interleaved frames', alsa.setAccess(pcm, params, ALSA.accessInterleaved));
    const isShort = alsa.setFormat(pcm, params, ALSA.formatS16) >= 0;
    if (!isShort) must('samples of 16 or 32 bits', alsa.setFormat(pcm, params, ALSA.formatS32));
    must('rate of 48,000 Hz', alsa.setRate(pcm, params, limits.SAMPLE_RATE_HZ, 0));
    const near = (value: number, set: (place: number) => number, what: string): number => {
      cell.view.setBigUint64(0, BigInt(value), true);
      must(what, set(cell.address));
      return Number(cell.view.getBigUint64(0, true));
    };
    const channels = near(1, (at) => alsa.setChannelsNear(pcm, params, at), 'channel') & 0xffff;
    const periodFrames = near(frames, (at) => alsa.setPeriodNear(pcm, params, at, 0), `periods of ${frames}`);
    const bufferFrames = near(
      PERIODS * Math.max(frames, periodFrames),
      (at) => alsa.setBufferNear(pcm, params, at),
      'buffer of three periods',
    );
    must('such settings', alsa.setParams(pcm, params));
    startByHand(alsa, pcm);
    return { channels, sampleBytes: isShort ? 2 : 4, periodFrames, bufferFrames };
  } finally {
    alsa.paramsFree(params);
  }
}

/** Both directions are started together: never by the first write. */
function startByHand(alsa: Alsa, pcm: number): void {
  const cell = nativeMemory(8);
  alsa.softwareMalloc(cell.address);
  const params = Number(cell.view.getBigUint64(0, true));
  alsa.softwareCurrent(pcm, params);
  alsa.setStartThreshold(pcm, params, 1 << 30);
  alsa.setSoftware(pcm, params);
  alsa.softwareFree(params);
}
