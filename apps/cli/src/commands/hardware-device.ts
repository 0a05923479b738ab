import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { claimStatement, readClaimCode, sessionStatement } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd } from '../context.ts';
import { askDesk } from '../economy/ask-desk.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { DeviceKey } from '../room/box-session.ts';

interface ClaimOptions extends AskOptions {
  payee: string;
  key: string;
}

interface Device {
  payee: string;
  product: string;
  state: string;
  reward: string | null;
}

/** What a device does with its own key: bind itself to its buyer, and report its first session. */
export function addDeviceCommands(
  hardware: Command,
  withOptions: (command: Command) => Command,
  context: CommandContext,
): void {
  withOptions(hardware.command('claim').description('bind a device’s key and its buyer to a claim code'))
    .argument('<code>', 'the claim code that came with the device')
    .requiredOption('--payee <pseudonym>', 'who earns the reward: p and 32 hex digits')
    .requiredOption('--key <file>', 'the device’s Ed25519 private key, PEM; made when it is not there')
    .action((text: string, { payee, ...options }: ClaimOptions) => {
      const code = orEnd(readClaimCode(text), EXIT.usage);
      const { deviceKey, key } = deviceOf(options.key, true);
      const signature = sign(null, claimStatement(code, payee), key).toString('hex');
      return askDesk<Device>(
        context,
        options,
        (desk) => desk.claimDevice({ code, payee, deviceKey, signature }),
        deviceText,
      );
    });
  withOptions(
    hardware
      .command('session')
      .description('report a verified session of a claimed device; the first earns its reward'),
  )
    .argument('<take>', 'content hash of the take that the session brought')
    .requiredOption('--key <file>', 'the device’s Ed25519 private key, PEM')
    .action((take: string, options: AskOptions & { key: string }) => {
      const { deviceKey, key } = deviceOf(options.key, false);
      const signature = sign(null, sessionStatement(deviceKey, take), key).toString('hex');
      return askDesk<Device>(
        context,
        options,
        (desk) => desk.creditFirstSession({ take, deviceKey, signature }),
        deviceText,
      );
    });
}

function deviceText({ payee, product, state, reward }: Device): string {
  const earned = reward === null ? '' : `; reward: merit ${reward} in the epoch`;
  return `${product} of ${payee}: ${state}${earned}`;
}

/** The device’s key from its file, made there when `create` says so. */
export function deviceOf(file: string, create: boolean): DeviceKey {
  if (create && !existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key');
    // The last 32 bytes of the DER form are the key (RFC 8410 §4).
    const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return { key, deviceKey: der.subarray(-32).toString('hex') };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new CommandError('file-unreadable', `${file}: ${why}`, EXIT.usage);
  }
}
