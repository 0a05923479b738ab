import { concatBytes, encodeUtf8, toHex } from '@jamnet/base';
import type { Hit } from '../bars.ts';
import type { MidiPerformance } from '../midi.ts';
import { taggedHash, uint32 } from '../tagged-hash.ts';

const DOMAIN = 'jamnet/groove/performances/v1';

/** One hash (hex) for a set of performances: sixteenths, instruments, offsets in µs and velocities, whatever the files' order. */
export function performancesSha256(performances: readonly MidiPerformance[]): string {
  const hashes = performances.map(({ hits, sixteenthUs }) =>
    toHex(taggedHash(DOMAIN, encodeUtf8(String(sixteenthUs)), concatBytes(...hits.map(hitBytes)))),
  );
  return toHex(taggedHash(DOMAIN, uint32(hashes.length), encodeUtf8(hashes.sort().join(''))));
}

function hitBytes({ sixteenth, instrument, offsetUs, velocity }: Hit): Uint8Array {
  const bytes = new Uint8Array(10);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, sixteenth);
  view.setUint8(4, instrument);
  view.setInt32(5, offsetUs);
  view.setUint8(9, velocity);
  return bytes;
}
