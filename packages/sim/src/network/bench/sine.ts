const WAV_HEADER_BYTES = 44;
const HERTZ = 997;
const AMPLITUDE = 16_384;

/** 997 Hz: no whole number of periods in a packet, so that a misplaced packet shows. Rounded to 16 bits, as sent. */
export function sine(frames: number): Float32Array {
  return Float32Array.from(
    { length: frames },
    (_, i) => Math.round(AMPLITUDE * Math.sin((2 * Math.PI * HERTZ * i) / 48_000)) / 32768,
  );
}

/** The plain form of RIFF/WAVE (16-bit, one channel, 48 kHz), which is also what the peer writes. */
export function wavBytes(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(WAV_HEADER_BYTES + 2 * samples.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(48_000, 24);
  bytes.writeUInt32LE(96_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(sample * 32768), WAV_HEADER_BYTES + 2 * i);
  });
  return bytes;
}

export function wavSamples(bytes: Buffer): Float32Array {
  const at = bytes.indexOf('data', 12, 'latin1') + 8;
  return Float32Array.from(
    { length: (bytes.length - at) >> 1 },
    (_, i) => bytes.readInt16LE(at + 2 * i) / 32768,
  );
}
