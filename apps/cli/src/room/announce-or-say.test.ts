import { expect, it } from 'vitest';
import { announceOrSay } from './announce-or-say.ts';

it.each(['0.0.0.0', 'localhost', '::1'])(
  'a relay at %s is not announced, and it is said what to give',
  async (address) => {
    const said: string[] = [];

    const silence = await announceOrSay({ name: 'attic', address, port: 8441, apiUrl: null }, (event, text) =>
      said.push(`${event}: ${text}`),
    );
    await silence();

    expect(said).toEqual([expect.stringMatching(/^not-on-lan: .*--reached-at/)]);
  },
);
