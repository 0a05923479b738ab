import { writeFileSync } from 'node:fs';
import { packetVectors } from './packet-vectors.ts';

/**
 * Writes `vectors/packets.json` anew: `node packages/toast/src/testing/packet-vectors-main.ts`. Then `npx biome check --write` gives it its
 * lines. A test holds the file to what this writes.
 */
writeFileSync(
  new URL('../../vectors/packets.json', import.meta.url),
  `${JSON.stringify(packetVectors(), null, 2)}\n`,
);
