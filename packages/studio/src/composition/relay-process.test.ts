import { expect, test } from 'vitest';
import { startRelayProcess } from './relay-process.ts';

test('a relay that cannot have its address says so in a sentence', async () => {
  // RFC 5737: an address of documentation, and of no machine.
  await expect(startRelayProcess('203.0.113.9', 0, new Uint8Array(32))).rejects.toMatchObject({
    code: 'relay-port-unavailable',
    message: expect.stringMatching(/^UDP 203\.0\.113\.9:0 cannot be opened/),
  });
});
