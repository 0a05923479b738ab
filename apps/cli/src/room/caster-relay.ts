import { hostname, networkInterfaces } from 'node:os';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type OwnRelay, openOwnRelay, readRelayKey } from './own-relay.ts';
import { type StudioOptions, studioUrlOf } from './room-studio.ts';

/** What a JAMCaster is told of its relay. */
export interface CasterOptions extends StudioOptions {
  readonly relayKey?: string;
  readonly reachedAt?: string;
  readonly announce?: boolean;
}

/**
 * The relay of a JAMCaster, known to the studio when this returns, so that the room which the caster opens opens on it; `null` without a
 * key: then it records and relays nothing.
 */
export async function openCasterRelay(
  context: CommandContext,
  options: CasterOptions,
): Promise<OwnRelay | null> {
  const { relayKey, announce = false } = options;
  if (relayKey === undefined) {
    if (announce || options.reachedAt !== undefined)
      throw new CommandError(
        'option-invalid',
        '--announce and --reached-at are for the relay of a caster: give --relay-key too, from "jamnet relay key".',
        EXIT.usage,
      );
    context.stderr.write('This caster records and relays nothing: --relay-key makes it a relay too.\n');
    return null;
  }
  const tokenKey = readRelayKey(relayKey);
  const reachedAt = options.reachedAt ?? ownAddress();
  const relay = await openOwnRelay(
    {
      ...{ studio: studioUrlOf(options), tokenKey, host: reachedAt, reachedAt, port: 0 },
      name: hostname().slice(0, 32),
      isAnnounced: announce,
    },
    (_event, text) => void context.stderr.write(`${text}\n`),
  );
  const fault = await relay.answered;
  if (fault === null) return relay;
  await relay.close();
  throw new CommandError('relay-unknown', `The studio did not take the relay: ${fault}`, EXIT.failed);
}

/** The first address by which a local network reaches this machine. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  return found?.address ?? '127.0.0.1';
}
