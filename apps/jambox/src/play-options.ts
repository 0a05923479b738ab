import { fromHex, ok, type Result, refuse } from '@jamnet/base';
import { isName } from '@jamnet/toast';
import type { SampleBits } from './card/samples.ts';
import type { Beat } from './music/first-beat.ts';
import { CLICK_MODES, type ClickMode } from './music/room-click.ts';
import type { UdpPortKind } from './net/open-udp-port.ts';

export interface Consent {
  readonly record: boolean;
  readonly train: boolean;
  readonly strangers: boolean;
}

/**
 * How others reach the ear. `adaptive`: the drift between the cards is taken out and the delay follows the network;
 * `packets`: whole packets as they were sent, for cards that follow one clock.
 */
export type Playout = 'adaptive' | 'packets';

export interface PlayOptions {
  readonly relay: { readonly host: string; readonly port: number };
  /** URL where the studio says on which relay the room lives: asked again when the relay falls silent. Absent: it stays. */
  readonly door?: string;
  readonly joinToken: string;
  /** 64 hex digits. */
  readonly roomKeyHex: string;
  readonly room: string;
  readonly player: string;
  /** Mono, 48 kHz: what is played. Absent: what the device or pipe brings, else nothing. */
  readonly inputWav?: string;
  /** ALSA's name of a sound card, such as "hw:1,0" or "default": its own input is played unless a WAV is. */
  readonly device?: string;
  /** Raw 16-bit little-endian mono sound at 48 kHz by pipes instead of a device: what is played, and what is heard. */
  readonly pipes?: { readonly input: boolean; readonly output: boolean };
  /** Standard MIDI file that is played into the room. */
  readonly midiFile?: string;
  /** Raw MIDI port to which the others' notes are written at their time. */
  readonly midiOut?: string;
  readonly outputDirectory: string;
  readonly packetFrames: 64 | 128 | 256;
  /** Which earlier packets each datagram repeats, ascending, e.g. [1, 3]. */
  readonly redundancyOffsets: readonly number[];
  /** Fixed playout delay in ms, of whole packets; absent: follow the network. */
  readonly playoutDelayMs?: number;
  /** Absent: `packets` where the delay is fixed or the machine's clock is the card's, else `adaptive`. */
  readonly playout?: Playout;
  /** Let what listeners report choose the redundancy, within so many times the payload's bandwidth. Absent: it stays. */
  readonly adaptWithin?: number;
  /** PEM file of this player's keys, made where there is none: streams are signed, and keys change when somebody leaves. */
  readonly keyFile?: string;
  /** Width of what is sent, from a file or a device: 24 bits cost half as much bandwidth again. Takes keep 16. Default 16. */
  readonly sampleBits?: SampleBits;
  readonly startWhenPlayers: number;
  /** Plays nothing, so that nobody who waits for players counts it. Default false. */
  readonly listens?: boolean;
  /** Ends the own stream after so many seconds. */
  readonly secondsMax?: number;
  /** The virtual card's periods begin this much after the room's, µs, [0, one packet time): cards never agree. Default 0. */
  readonly cardPhaseUs?: number;
  /** The virtual card's crystal runs this much fast, parts per million. Default 0. */
  readonly cardPpm?: number;
  /** Takes the place of `redundancyOffsets`: so many repair symbols over the last `depth` packets in each datagram. */
  readonly coded?: { readonly symbols: number; readonly depth: number };
  /** Pack samples losslessly where that makes them smaller. Default false. */
  readonly packing?: boolean;
  /** Bytes of a datagram by bytes of the samples it is for: copies beyond it are left out. Absent: no cap. */
  readonly bandwidthMax?: number;
  /**
   * Sound may go straight to other players who want it too; each then learns the other's IP address. `all`: this machine's own
   * addresses are offered as well; `reflexive`: only the one that the relay sees. Absent: all goes over the relay.
   */
  readonly direct?: 'all' | 'reflexive';
  /** System calls for UDP; absent: batched where the system has them. */
  readonly udp?: UdpPortKind;
  /** False leaves the engine's thread at normal priority even where more is allowed. */
  readonly mayUseRealtime?: boolean;
  /** How the room's beat is made audible to this player alone. Default off. */
  readonly click?: ClickMode;
  /** The room's beat, where it has none when this player begins. Absent: it is left to the others. */
  readonly beat?: Beat;
  /** What listeners may do with this player's sound. */
  readonly consent: Consent;
}

export function playoutOf({ playout, playoutDelayMs, cardPpm = 0, device, pipes }: PlayOptions): Playout {
  if (playout !== undefined) return playout;
  const isDrifting = cardPpm !== 0 || device !== undefined || pipes?.input === true;
  return playoutDelayMs === undefined && isDrifting ? 'adaptive' : 'packets';
}

type Fields = Record<string, unknown>;

/** Reads options from JSON; reports everything that is wrong at once. */
export function parsePlayOptions(value: unknown): Result<PlayOptions, 'options-malformed'> {
  if (!isFields(value))
    return refuse('options-malformed', 'The options are one JSON object: see the README of apps/jambox.');
  const faults: string[] = [];
  const need = (holds: boolean, sentence: string): void => void (holds || faults.push(sentence));
  const relay = isFields(value.relay) ? value.relay : {};
  const consent = isFields(value.consent) ? value.consent : {};
  const { joinToken, roomKeyHex, room, player, inputWav, outputDirectory, packetFrames, redundancyOffsets } =
    value;
  const { playoutDelayMs, startWhenPlayers, secondsMax, cardPhaseUs, cardPpm, coded, udp } = value;
  const { playout, adaptWithin, keyFile, direct, device, pipes, midiFile, midiOut } = value;
  need(typeof relay.host === 'string' && isWithin(relay.port, 1, 65535), 'relay: {host, port}.');
  need(
    value.door === undefined || (typeof value.door === 'string' && URL.canParse(value.door)),
    'door: a URL of the studio.',
  );
  need(typeof joinToken === 'string', 'joinToken: the token from the studio.');
  need(typeof roomKeyHex === 'string' && fromHex(roomKeyHex)?.length === 32, 'roomKeyHex: 64 hex digits.');
  need(
    typeof room === 'string' && isName(room) && typeof player === 'string' && isName(player),
    'room, player: names of up to 32 letters.',
  );
  need(isTextOrAbsent(inputWav) && typeof outputDirectory === 'string', 'inputWav, outputDirectory: paths.');
  need(packetFrames === 64 || packetFrames === 128 || packetFrames === 256, 'packetFrames: 64, 128 or 256.');
  need(
    Array.isArray(redundancyOffsets) && redundancyOffsets.every((each) => isWithin(each, 1, 64)),
    'redundancyOffsets: integers from 1 to 64.',
  );
  need(isWithin(startWhenPlayers, 1, 16), 'startWhenPlayers: 1 to 16.');
  need(playoutDelayMs === undefined || isNumberWithin(playoutDelayMs, 0, 200), 'playoutDelayMs: 0 to 200.');
  need(
    playout === undefined ||
      playout === 'packets' ||
      (playout === 'adaptive' && playoutDelayMs === undefined),
    'playout: "adaptive" or, as with every playoutDelayMs, "packets".',
  );
  need(adaptWithin === undefined || isNumberWithin(adaptWithin, 1, 100), 'adaptWithin: 1 to 100.');
  need([keyFile, midiFile, midiOut].every(isTextOrAbsent), 'keyFile, midiFile, midiOut: paths.');
  need(isTextOrAbsent(device), 'device: a name such as "hw:1,0".');
  need(
    pipes === undefined ||
      (isFields(pipes) && typeof pipes.input === 'boolean' && typeof pipes.output === 'boolean'),
    'pipes: {input, output}, each true or false.',
  );
  need(device === undefined || pipes === undefined, 'device or pipes, not both.');
  need(
    value.sampleBits === undefined ||
      value.sampleBits === 16 ||
      (value.sampleBits === 24 && !(isFields(pipes) && pipes.input === true)),
    'sampleBits: 16 or 24; pipes carry 16.',
  );
  need(secondsMax === undefined || isNumberWithin(secondsMax, 0.01, 1800), 'secondsMax: up to 1800.');
  need(
    cardPhaseUs === undefined || isNumberWithin(cardPhaseUs, 0, 5333),
    'cardPhaseUs: 0 to one packet time.',
  );
  need(cardPpm === undefined || isNumberWithin(cardPpm, -1000, 1000), 'cardPpm: −1000 to 1000.');
  need(
    coded === undefined || (isFields(coded) && isWithin(coded.symbols, 1, 7) && isWithin(coded.depth, 1, 64)),
    'coded: {symbols: 1 to 7, depth: 1 to 64}.',
  );
  need(
    value.bandwidthMax === undefined || isNumberWithin(value.bandwidthMax, 1, 100),
    'bandwidthMax: 1 to 100.',
  );
  need(
    direct === undefined || direct === 'all' || direct === 'reflexive',
    'direct: "all" or "reflexive", or absent.',
  );
  need(
    value.click === undefined || CLICK_MODES.some((mode) => mode === value.click),
    `click: one of ${CLICK_MODES.join(', ')}.`,
  );
  need(
    value.beat === undefined ||
      (isFields(value.beat) &&
        isWithin(value.beat.tempoMilliBpm, 20_000, 400_000) &&
        isWithin(value.beat.beatsPerBar, 1, 32)),
    'beat: {tempoMilliBpm: 20000 to 400000, beatsPerBar: 1 to 32}.',
  );
  need(udp === undefined || udp === 'mmsg' || udp === 'dgram', 'udp: "mmsg" or "dgram".');
  need(
    ['packing', 'mayUseRealtime', 'listens'].every(
      (each) => value[each] === undefined || typeof value[each] === 'boolean',
    ),
    'packing, mayUseRealtime, listens: true or false.',
  );
  need(
    ['record', 'train', 'strangers'].every((each) => typeof consent[each] === 'boolean'),
    'consent: {record, train, strangers}, each true or false.',
  );
  if (faults.length > 0) return refuse('options-malformed', `Correct the options: ${faults.join(' ')}`);
  return ok(value as unknown as PlayOptions); // every member was checked above
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && isNumberWithin(value, least, most);
}

function isNumberWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
