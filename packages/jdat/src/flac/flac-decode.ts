import { ok, type Result, refuse } from '@jamnet/base';
import { md5 } from '@noble/hashes/legacy.js';
import { integerBytes } from '../integer-pcm.ts';
import { WAV_RATE_RANGE_HZ } from '../wav-decode.ts';
import { BLOCK_FRAMES_MAX } from './frame-codes.ts';
import { decodeFlacFrame, type FlacFrameCode } from './frame-decode.ts';

export type FlacCode =
  | FlacFrameCode
  | 'flac-not-flac'
  | 'flac-header-malformed'
  | 'flac-bits-unsupported'
  | 'flac-cut-short'
  | 'flac-md5-differs';

export interface FlacFormat {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bits: 16 | 24;
}

interface StreamInfo extends FlacFormat {
  /** 0: unknown. */
  readonly samples: number;
  readonly md5: Uint8Array;
  /** Offset of the first frame. */
  readonly framesAt: number;
}

/**
 * Decodes a FLAC file, giving each block of each channel to `onBlock` (which owns it), and checks its MD5 where it has one. Bytes
 * behind the last frame (tags that players append) are left alone once all samples are there.
 */
export function decodeFlac(
  bytes: Uint8Array,
  onBlock: (channels: readonly Int32Array[], format: FlacFormat) => void,
): Result<FlacFormat & { readonly frames: number }, FlacCode> {
  const info = readInfo(bytes);
  if (!info.ok) return info;
  const { sampleRateHz, channels, bits, samples, framesAt } = info.value;
  const sum = md5.create();
  let frames = 0;
  for (let at = framesAt; at < bytes.length && (samples === 0 || frames < samples); ) {
    const frame = decodeFlacFrame(bytes, at, BLOCK_FRAMES_MAX, { sampleRateHz, bits });
    if (!frame.ok) return frame;
    const { value } = frame;
    if (value.channels.length !== channels || value.bits !== bits || value.sampleRateHz !== sampleRateHz)
      return refuse('flac-header-malformed', 'The FLAC file changes channels, bits or rate on its way.');
    sum.update(interleaved(value.channels, bits));
    frames += value.channels[0]?.length ?? 0;
    at = value.end;
    onBlock(value.channels, { sampleRateHz, channels, bits });
  }
  if (samples > 0 && frames !== samples)
    return refuse('flac-cut-short', `The FLAC file ends after ${frames} of ${samples} samples.`);
  if (info.value.md5.some((byte) => byte !== 0)) {
    const found = sum.digest();
    if (info.value.md5.some((byte, i) => byte !== found[i]))
      return refuse('flac-md5-differs', 'The sound of the FLAC file does not fit the MD5 in its header.');
  }
  return ok({ sampleRateHz, channels, bits, frames });
}

function interleaved(channels: readonly Int32Array[], bits: 16 | 24): Uint8Array {
  const [first = new Int32Array(0)] = channels;
  if (channels.length === 1) return integerBytes(first, bits);
  const samples = new Int32Array(first.length * channels.length);
  for (const [c, channel] of channels.entries())
    for (let i = 0; i < channel.length; i++) samples[i * channels.length + c] = channel[i] ?? 0;
  return integerBytes(samples, bits);
}

/** "fLaC", then metadata blocks up to the one marked as last (§8.1). */
function readInfo(bytes: Uint8Array): Result<StreamInfo, FlacCode> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0) !== 0x664c6143)
    return refuse('flac-not-flac', 'This is no FLAC file (it does not begin with "fLaC").');
  let info: StreamInfo | null = null;
  for (let at = 4; at + 4 <= bytes.length; ) {
    const head = view.getUint32(at);
    const length = head & 0xffffff;
    const type = (head >>> 24) & 0x7f;
    if (type === 0 && length >= 34 && at + 38 <= bytes.length) info = infoAt(view, bytes, at + 4);
    at += 4 + length;
    if (head >>> 31 === 1) {
      if (info === null || at > bytes.length) break;
      return checkInfo({ ...info, framesAt: at });
    }
  }
  return refuse('flac-header-malformed', 'The FLAC file has no whole header: it is damaged.');
}

function infoAt(view: DataView, bytes: Uint8Array, at: number): StreamInfo {
  const packed = view.getUint32(at + 10);
  return {
    sampleRateHz: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: (((packed >>> 4) & 31) + 1) as 16 | 24, // checked by checkInfo
    samples: (packed & 15) * 2 ** 32 + view.getUint32(at + 14),
    md5: bytes.slice(at + 18, at + 34),
    framesAt: 0,
  };
}

function checkInfo(info: StreamInfo): Result<StreamInfo, FlacCode> {
  const { least, most } = WAV_RATE_RANGE_HZ;
  if (info.bits !== 16 && info.bits !== 24)
    return refuse('flac-bits-unsupported', `FLAC of ${String(info.bits)} bits: takes hold 16 or 24.`);
  if (info.sampleRateHz < least || info.sampleRateHz > most)
    return refuse(
      'flac-header-malformed',
      `${info.sampleRateHz} Hz: rates from ${least} to ${most} Hz can be read.`,
    );
  return ok(info);
}
