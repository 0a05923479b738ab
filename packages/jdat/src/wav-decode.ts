import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { readSamples, type SampleCoding } from './wav-samples.ts';

/** Sound of one file: channels of equal length, full scale ±1. */
export interface Pcm {
  readonly sampleRateHz: number;
  readonly channels: Float32Array[];
}

/** What a file holds, with the width of its samples there; float32 counts as 32. */
export interface WavPcm extends Pcm {
  readonly bits: number;
  /** Frames that the header promises and the file lacks: 0 for a whole file and for one whose writer did not know its length. */
  readonly framesMissing: number;
}

export type WavCode =
  | 'wav-not-riff'
  | 'wav-no-format'
  | 'wav-no-data'
  | 'wav-coding-unsupported'
  | 'wav-channels-unsupported'
  | 'wav-rate-unsupported'
  | 'wav-inconsistent'
  | 'wav-not-finite';

/** The most channels a file may have; more than a stereo mix has no meaning to our tools, eight is a common interface. */
export const WAV_CHANNELS_MAX = 8;
/** Rates outside [8 kHz, 192 kHz] are taken for a damaged header. */
export const WAV_RATE_RANGE_HZ = { least: 8_000, most: 192_000 } as const;

const TAG_INTEGER = 1;
const TAG_FLOAT = 3;
/** WAVE_FORMAT_EXTENSIBLE: the real tag is the first two bytes of the SubFormat GUID (mmreg.h). */
const TAG_EXTENSIBLE = 0xfffe;

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly blockBytes: number;
  readonly bits: number;
}

interface Chunks {
  readonly format: Format | null;
  /** `promised`: bytes by the chunk's header. */
  readonly data: { readonly start: number; readonly bytes: number; readonly promised: number } | null;
}

/** Writers to a pipe put a size from here on where they know none: 0xffffffff (FFmpeg), 0x7ffff000 less the header (SoX). */
const SIZE_UNKNOWN = 0x7fff_0000;

/**
 * Reads RIFF WAVE with integer PCM of 16, 24 or 32 bits or float32. A data chunk cut short by the end of the file,
 * or of size 0xffffffff as streams write it, counts as far as it goes; a partial last frame is dropped.
 */
export function decodeWav(bytes: Uint8Array): Result<WavPcm, WavCode> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    return refuse('wav-not-riff', 'This is no WAV file (no RIFF/WAVE header): convert it to WAV first.');
  }
  const { format, data } = findChunks(view);
  if (format === null)
    return refuse('wav-no-format', 'The WAV file has no usable "fmt " chunk: it is damaged.');
  const coding = codingOf(format);
  if (typeof coding !== 'string') return coding;
  if (data === null)
    return refuse('wav-no-data', 'The WAV file has no "data" chunk: there is no sound in it.');
  const frames = Math.floor(data.bytes / format.blockBytes);
  const channels: Float32Array[] = [];
  for (let c = 0; c < format.channels; c++) {
    const start = data.start + (c * format.bits) / 8;
    channels.push(readSamples(view, { coding, start, strideBytes: format.blockBytes, count: frames }));
  }
  if (coding === 'float32' && !channels.every(isFinitePcm)) {
    return refuse('wav-not-finite', 'The WAV file holds NaN or infinite samples: render it again.');
  }
  const promised = data.promised >= SIZE_UNKNOWN ? data.bytes : data.promised;
  const framesMissing = Math.floor(promised / format.blockBytes) - frames;
  return ok({ sampleRateHz: format.sampleRateHz, channels, bits: format.bits, framesMissing });
}

function tagAt(view: DataView, offset: number): string {
  let text = '';
  for (let i = 0; i < 4; i++) text += String.fromCharCode(view.getUint8(offset + i));
  return text;
}

/** The first format and data chunk; chunks are padded to even sizes. */
function findChunks(view: DataView): Chunks {
  let format: Format | null = null;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const id = tagAt(view, at);
    const size = view.getUint32(at + 4, true);
    if (id === 'fmt ' && format === null) format = formatAt(view, at + 8, size);
    if (id === 'data') {
      const bytes = Math.min(size, view.byteLength - at - 8);
      return { format, data: { start: at + 8, bytes, promised: size } };
    }
    at += 8 + size + (size & 1);
  }
  return { format, data: null };
}

function formatAt(view: DataView, at: number, size: number): Format | null {
  if (size < 16 || at + size > view.byteLength) return null;
  const tag = view.getUint16(at, true);
  return {
    tag: tag === TAG_EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    sampleRateHz: view.getUint32(at + 4, true),
    blockBytes: view.getUint16(at + 12, true),
    bits: view.getUint16(at + 14, true),
  };
}

function codingOf(format: Format): SampleCoding | Refusal<WavCode> {
  const { tag, bits, channels, sampleRateHz } = format;
  const coding =
    tag === TAG_FLOAT ? FLOAT_CODINGS[bits] : tag === TAG_INTEGER ? INTEGER_CODINGS[bits] : undefined;
  if (coding === undefined) {
    return refuse(
      'wav-coding-unsupported',
      `WAV coding ${tag} with ${bits} bits cannot be read: use integer PCM of 16, 24 or 32 bits, or float32.`,
    );
  }
  if (channels < 1 || channels > WAV_CHANNELS_MAX) {
    return refuse('wav-channels-unsupported', `${channels} channels: 1 to ${WAV_CHANNELS_MAX} can be read.`);
  }
  if (sampleRateHz < WAV_RATE_RANGE_HZ.least || sampleRateHz > WAV_RATE_RANGE_HZ.most) {
    return refuse('wav-rate-unsupported', `${sampleRateHz} Hz: rates from 8000 to 192000 Hz can be read.`);
  }
  if (format.blockBytes !== (channels * bits) / 8) {
    return refuse(
      'wav-inconsistent',
      'The block size of the WAV header does not fit its channels and bits: it is damaged.',
    );
  }
  return coding;
}

const INTEGER_CODINGS: { readonly [bits: number]: SampleCoding } = { 16: 'int16', 24: 'int24', 32: 'int32' };
const FLOAT_CODINGS: { readonly [bits: number]: SampleCoding } = { 32: 'float32' };

function isFinitePcm(samples: Float32Array): boolean {
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) return false;
  return true;
}
