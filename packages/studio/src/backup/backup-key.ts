import { readFileSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

/** Shorter ones are guessed: what a backup holds is worth years of guessing. */
export const PASSPHRASE_CHARACTERS_MIN = 16;

/** Who can open a backup: holders of a key (its public half is enough to make backups), or of a passphrase. */
export type BackupKey =
  | { readonly kind: 'recipients'; readonly recipients: readonly string[] }
  | { readonly kind: 'passphrase'; readonly passphrase: string };

/** A new key pair in the manner of age (age-encryption.org/v1): the text to keep away from the studio, and the public half. */
export async function newBackupKey(): Promise<{ readonly fileText: string; readonly recipient: string }> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return { fileText: `# public key: ${recipient}\n${identity}\n`, recipient };
}

/** Throws `recipient-malformed` or `passphrase-too-short`. */
export function encrypterOf(key: BackupKey): Encrypter {
  const encrypter = new Encrypter();
  if (key.kind === 'passphrase') {
    if (key.passphrase.length < PASSPHRASE_CHARACTERS_MIN)
      throw new Failure(
        'passphrase-too-short',
        `A passphrase has at least ${PASSPHRASE_CHARACTERS_MIN} characters: the backup holds the studio's keys. Or make a key with "jamnet backup key".`,
      );
    encrypter.setPassphrase(key.passphrase);
    return encrypter;
  }
  for (const recipient of key.recipients)
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      const message = `"${recipient}" is no public key: it begins with age1, and "jamnet backup key" prints it.`;
      throw new Failure('recipient-malformed', message, { cause });
    }
  return encrypter;
}

/** What opens a backup: key files of `jamnet backup key` or `age-keygen`, and passphrases. Throws `key-unreadable`. */
export function decrypterOf(opened: {
  readonly keyFiles: readonly string[];
  readonly passphrases: readonly string[];
}): Decrypter {
  const decrypter = new Decrypter();
  for (const passphrase of opened.passphrases) decrypter.addPassphrase(passphrase);
  for (const file of opened.keyFiles) {
    const lines = readText(file)
      .split('\n')
      .map((line) => line.trim());
    const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
    if (identities.length === 0)
      throw new Failure(
        'key-unreadable',
        `${file} holds no secret key: give the file that "jamnet backup key" wrote.`,
      );
    for (const identity of identities)
      try {
        decrypter.addIdentity(identity);
      } catch (cause) {
        throw new Failure(
          'key-unreadable',
          `A secret key in ${file} is damaged: use another copy of the file.`,
          { cause },
        );
      }
  }
  return decrypter;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('key-unreadable', `${file} cannot be read: check the path.`, { cause });
  }
}
