import { fromHex, ok, type Result, refuse } from '@jamnet/base';
import { isName } from '@jamnet/toast';

export interface Consent {
  readonly record: boolean;
  readonly train: boolean;
  readonly strangers: boolean;
}

export interface PlayOptions {
  readonly relay: { readonly host: string; readonly port: number };
  readonly joinToken: string;
  /** 64 hex digits. */
  readonly roomKeyHex: string;
  readonly room: string;
  readonly player: string;
  /** Mono, 48 kHz: the virtual sound card's input. */
  readonly inputWav: string;
  readonly outputDirectory: string;
  readonly packetFrames: 64 | 128 | 256;
  /** Which earlier packets each datagram repeats, ascending, e.g. [1, 3]. */
  readonly redundancyOffsets: readonly number[];
  /** Fixed playout delay in ms; absent: follow the network. */
  readonly playoutDelayMs?: number;
  readonly startWhenPlayers: number;
  /** Ends the own stream after so many seconds. */
  readonly secondsMax?: number;
  /** The virtual card's periods begin this much after the room's, µs, [0, one packet time): cards never agree. Default 0. */
  readonly cardPhaseUs?: number;
  /** What listeners may do with this player's sound. */
  readonly consent: Consent;
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
  const { playoutDelayMs, startWhenPlayers, secondsMax, cardPhaseUs } = value;
  need(typeof relay.host === 'string' && isWithin(relay.port, 1, 65535), 'relay: {host, port}.');
  need(typeof joinToken === 'string', 'joinToken: the token from the studio.');
  need(typeof roomKeyHex === 'string' && fromHex(roomKeyHex)?.length === 32, 'roomKeyHex: 64 hex digits.');
  need(
    typeof room === 'string' && isName(room) && typeof player === 'string' && isName(player),
    'room, player: names of up to 32 letters.',
  );
  need(
    typeof inputWav === 'string' && typeof outputDirectory === 'string',
    'inputWav, outputDirectory: paths.',
  );
  need(packetFrames === 64 || packetFrames === 128 || packetFrames === 256, 'packetFrames: 64, 128 or 256.');
  need(
    Array.isArray(redundancyOffsets) && redundancyOffsets.every((each) => isWithin(each, 1, 64)),
    'redundancyOffsets: integers from 1 to 64.',
  );
  need(isWithin(startWhenPlayers, 1, 16), 'startWhenPlayers: 1 to 16.');
  need(playoutDelayMs === undefined || isNumberWithin(playoutDelayMs, 0, 200), 'playoutDelayMs: 0 to 200.');
  need(secondsMax === undefined || isNumberWithin(secondsMax, 0.01, 1800), 'secondsMax: up to 1800.');
  need(
    cardPhaseUs === undefined || isNumberWithin(cardPhaseUs, 0, 5333),
    'cardPhaseUs: 0 to one packet time.',
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

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && isNumberWithin(value, least, most);
}

function isNumberWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
