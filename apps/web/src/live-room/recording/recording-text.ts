import type { PacketFate } from '@jamnet/jdat';

/** What the room says about recordings. */
export const recordingText = {
  title: 'Recordings',
  lede: 'One recording for the whole room: each page keeps its player’s sound without loss, and what it heard of the others. Only who agreed at the door is recorded.',
  record: 'Record',
  stop: 'Stop recording',
  starting: 'The recording begins…',
  ending: 'Closing the recording…',
  runs: (by: string) => `${by} is recording this room.`,
  yours: (time: string) => `Recording, ${time}.`,
  on: (names: string) => `On it: ${names}.`,
  you: 'you',
  notYou:
    'Your own sound stays out, because you have not agreed to be recorded. Leave and join again to change that.',
  without: (names: string) => `Not on it, because they have not agreed: ${names}.`,
  dropped: (blocks: number) =>
    `This machine’s storage was too slow ${blocks} times: some of the sound is missing from the recording.`,
  nobody: 'Nothing is on the recording yet: nobody who plays has agreed to be recorded.',
  kept: (bytes: string) => `A recording of ${bytes} waits in this browser.`,
  keptElsewhere: (room: string, recorder: string) =>
    `It belongs to room ${room}: join there as ${recorder} to send it.`,
  keptDamaged: 'It is damaged and cannot be sent.',
  send: 'Send it now',
  discard: 'Delete it here',
  sending: 'Sending the recording to the studio',
  empty: 'No recordings yet. Press Record while you play: the take stands here as soon as it has been sent.',
  take: (recorder: string) => `Recorded by ${recorder}`,
  seconds: (time: string, size: string) => `${time} · ${size}`,
  play: 'Play',
  pause: 'Pause',
  unpacking: 'Getting the sound ready…',
  place: 'Place in the take',
  placeText: (at: string, of: string, gap: string) =>
    gap === '' ? `${at} of ${of}` : `${at} of ${of}, here: ${gap}`,
  nextGap: 'Next hole',
  previousGap: 'Previous hole',
  gap: (nth: number, of: number, track: string, at: string, how: string) =>
    `Hole ${nth} of ${of}, ${track}, at ${at}: ${how}.`,
  muteTrack: (track: string) => `Mute ${track}`,
  muted: 'muted',
  keys: 'Keys: space plays and pauses, ← → move, N and P go from hole to hole, 1 to 9 mute a track.',
  inaudible:
    'The take’s sound could not be read. Press Play again, or free some of this browser’s storage first.',
  player: (recorder: string) => `Take recorded by ${recorder}`,
  open: 'Show',
  close: 'Hide',
  opening: 'Fetching the take',
  download: (format: string) => format,
  downloadJdat: 'JDAT, all tracks',
  jdatHint: 'The recording as it is: every track without loss, with its losses.',
  track: { sent: 'as played', heard: 'as heard', repaired: 'repaired', imported: 'imported' },
  trackName: (from: string, how: string) => `${from}, ${how}`,
  wave: (name: string, gaps: number) => `Waveform of ${name}; ${gaps} stretches were not received whole`,
  fates: {
    recovered: 'brought back exactly by redundancy',
    concealed: 'lost and filled by PNBTR',
    late: 'came too late for the ear, whole in the take',
  } satisfies Record<PacketFate, string>,
  whole: 'Every packet arrived.',
  packets: (count: number) => `${count} packets`,
  again: 'Try again',
  /** By code; the studio’s own sentence is shown where it sent one. */
  failures: {
    'storage-missing':
      'This browser gives pages no storage of their own: record in Chrome, Edge, Firefox or Safari, not in a private window.',
    'storage-refused':
      'This browser did not let the page write its recording: leave private browsing, or free some storage, then press Record again.',
    'storage-full':
      'This browser’s storage is nearly full: delete recordings that wait here or free space on the disk, then press Record again.',
    'kept-too-many':
      'Sixteen recordings wait in this browser already: send or delete some, then press Record again.',
    unreachable:
      'The studio does not answer. Nothing is lost: the recording waits in this browser and is sent as soon as the studio is back.',
    'token-expired': 'You have been here for long: leave and join again, then the recording is sent.',
    'page-outdated': 'Page and studio are of different versions: reload the page.',
    'take-bytes-differ': 'The take arrived damaged: press Show again.',
  } as Readonly<Record<string, string>>,
  unknown: (code: string) => `That did not work (${code}). Try again.`,
};
