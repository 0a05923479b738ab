import { ok, type Result, refuse } from '@jamnet/base';
import { AudioBodyReader, READ, type Read } from './audio-body.ts';
import type { WireCode } from './header.ts';

/** The JELLIE body of one datagram as a value, for vectors and dumps. */
export interface AudioBody {
  readonly frames: number;
  readonly sampleBytes: number;
  readonly sentAtUs: number;
  /** `at` is in bytes from the body's start; `packed` blocks are in Rice code. */
  readonly blocks: readonly {
    readonly offset: number;
    readonly packed: boolean;
    readonly at: number;
    readonly bytes: number;
  }[];
  readonly repair: {
    readonly symbols: number;
    readonly offsets: readonly number[];
    readonly at: number;
  } | null;
}

const FAULTS: Record<Exclude<Read, 0>, readonly [WireCode, string]> = {
  [READ.truncated]: ['body-truncated', 'Blocks and repair symbols must lie inside the body.'],
  [READ.formatUnknown]: ['body-malformed', 'Known audio formats: 1 (plain) and 2 (mixed).'],
  [READ.timeTooLarge]: ['number-too-large', 'The sending time stays below 2^53 µs.'],
  [READ.blocks]: ['body-malformed', 'An audio body has 1 to 8 blocks, or repair symbols.'],
  [READ.frames]: ['body-malformed', 'A packet has 16 to 512 frames.'],
  [READ.offsets]: ['body-malformed', 'Offsets ascend and stay at most 64.'],
  [READ.sampleBytes]: ['body-malformed', 'A sample has 2 or 3 bytes.'],
  [READ.coding]: ['body-malformed', 'A block is PCM of its full length (0) or packed and shorter (1).'],
  [READ.symbols]: ['body-malformed', 'There are 0 to 4 repair symbols, over 1 to 16 packets.'],
};

/** Where the parts lie; nothing is copied, and nothing is sized by what the body claims. */
export function decodeAudioBody(body: Uint8Array): Result<AudioBody, WireCode> {
  const reader = new AudioBodyReader();
  const read = reader.read(body);
  if (read !== READ.fine) {
    const [code, sentence] = FAULTS[read];
    return refuse(code, sentence);
  }
  const blocks = Array.from({ length: reader.blocks }, (_, i) => ({
    offset: reader.offsets[i] ?? 0,
    packed: reader.codings[i] === 1,
    at: reader.at[i] ?? 0,
    bytes: reader.bytes[i] ?? 0,
  }));
  const { frames, sampleBytes, sentAtUs, symbols, covered, coveredOffsets, symbolsAt } = reader;
  const repair =
    symbols === 0 ? null : { symbols, offsets: [...coveredOffsets.subarray(0, covered)], at: symbolsAt };
  return ok({ frames, sampleBytes, sentAtUs, blocks, repair });
}
