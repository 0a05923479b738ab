import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** `samples/piece.json`: the stems of one piece and the grid it was played to. */
const Piece = Type.Object({
  schema: Type.Literal('jamnet/piece/v1'),
  title: Type.String(),
  licence: Type.String(),
  stems: Type.Array(Type.Object({ id: Type.String(), file: Type.String(), role: Type.String() }), {
    minItems: 2,
  }),
  tempoMap: Type.Array(Type.Object({ beat: Type.Integer(), usPerBeat: Type.Integer({ minimum: 1 }) }), {
    minItems: 1,
  }),
  firstBarOffsetUs: Type.Integer({ minimum: 0 }),
  timeSignature: Type.Object({ beatsPerBar: Type.Integer(), beatUnit: Type.Integer() }),
  bars: Type.Integer({ minimum: 1 }),
});
export type Piece = Static<typeof Piece>;

export function readPiece(samplesDirectory: string): Piece {
  const file = join(samplesDirectory, 'piece.json');
  if (!existsSync(file))
    throw new Failure('samples-missing', `${file} is not there: the checkout is incomplete.`);
  const piece: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Value.Check(Piece, piece))
    throw new Failure('samples-malformed', `${file} does not have the members of jamnet/piece/v1.`);
  return piece;
}

export interface MonoSound {
  readonly sampleRateHz: number;
  /** Full scale ±1. */
  readonly samples: Float32Array;
}

/** Decodes an Ogg Vorbis file and mixes it to mono by the mean of its channels. */
export async function decodeOgg(file: string): Promise<MonoSound> {
  const decoder = new OggVorbisDecoder();
  try {
    await decoder.ready;
    const decoded = await decoder.decodeFile(readFileSync(file));
    if (decoded.errors.length > 0)
      throw new Failure('sound-unreadable', `${file}: ${decoded.errors[0]?.message}`);
    return { sampleRateHz: decoded.sampleRate, samples: mixToMono(decoded.channelData) };
  } finally {
    decoder.free();
  }
}

function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const mono = Float32Array.from(channels[0] ?? []);
  for (const channel of channels.slice(1))
    for (let i = 0; i < mono.length; i++) mono[i] = (mono[i] ?? 0) + (channel[i] ?? 0);
  for (let i = 0; i < mono.length; i++) mono[i] = (mono[i] ?? 0) / channels.length;
  return mono;
}
