import { assert, present } from '@jamnet/base';
import type { Pcm } from './wav-decode.ts';

const HEADER_BYTES = 44;

/** Integer PCM WAV of 16 or 24 bits, rounded to nearest without dither, clipped at full scale. */
export function encodeWav(pcm: Pcm, options: { readonly bitsPerSample: 16 | 24 }): Uint8Array {
  const frames = present(pcm.channels[0], 'a channel to encode').length;
  assert(
    pcm.channels.every((channel) => channel.length === frames),
    'all channels have the same length',
  );
  const sampleBytes = options.bitsPerSample / 8;
  const blockBytes = sampleBytes * pcm.channels.length;
  const dataBytes = frames * blockBytes;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes + (dataBytes & 1));
  const view = new DataView(bytes.buffer);
  writeHeader(view, { ...options, sampleRateHz: pcm.sampleRateHz, channels: pcm.channels.length, dataBytes });
  pcm.channels.forEach((channel, c) => {
    let at = HEADER_BYTES + c * sampleBytes;
    for (let i = 0; i < frames; i++, at += blockBytes) writeSample(view, at, channel[i] ?? 0, sampleBytes);
  });
  return bytes;
}

/** The 44 bytes before the samples of a WAV file of integer PCM whose length is known, or grows and is written again at the end. */
export function wavHeader(format: {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bitsPerSample: 16 | 24;
  readonly frames: number;
}): Uint8Array {
  const dataBytes = (format.frames * format.channels * format.bitsPerSample) / 8;
  const bytes = new Uint8Array(HEADER_BYTES);
  writeHeader(new DataView(bytes.buffer), { ...format, dataBytes });
  return bytes;
}

interface Header {
  readonly bitsPerSample: number;
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly dataBytes: number;
}

function writeHeader(view: DataView, header: Header): void {
  const blockBytes = (header.channels * header.bitsPerSample) / 8;
  writeTag(view, 0, 'RIFF');
  const bytes = HEADER_BYTES + header.dataBytes + (header.dataBytes & 1);
  view.setUint32(4, bytes - 8, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, header.channels, true);
  view.setUint32(24, header.sampleRateHz, true);
  view.setUint32(28, header.sampleRateHz * blockBytes, true);
  view.setUint16(32, blockBytes, true);
  view.setUint16(34, header.bitsPerSample, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, header.dataBytes, true);
}

function writeTag(view: DataView, at: number, tag: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(at + i, tag.charCodeAt(i));
}

function writeSample(view: DataView, at: number, sample: number, sampleBytes: number): void {
  const scale = 2 ** (8 * sampleBytes - 1);
  const rounded = Math.round(sample * scale);
  // `|| 0` turns NaN into silence.
  const value = Math.max(-scale, Math.min(scale - 1, rounded)) || 0;
  view.setInt16(at, sampleBytes === 2 ? value : value & 0xffff, true);
  if (sampleBytes === 3) view.setInt8(at + 2, value >> 16);
}
