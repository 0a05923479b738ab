import type { PlayOptions } from '../play-options.ts';

/** What a player of a `VirtualEvening` of two is set to: there is no relay to reach and no key to keep. */
export function eveningOptions(player: string, changes: Partial<PlayOptions> = {}): PlayOptions {
  return {
    relay: { host: '', port: 1 },
    joinToken: '',
    roomKeyHex: '',
    room: 'attic',
    player,
    outputDirectory: '',
    packetFrames: 128,
    redundancyOffsets: [1],
    startWhenPlayers: 2,
    consent: { record: false, train: false, strangers: false },
    ...changes,
  };
}
