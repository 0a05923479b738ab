import { ok, type Result, refuse } from '@jamnet/base';
import { type FetchCode, fetchJson } from '../api/fetch-json.ts';
import type { Shape } from '../api/shape.ts';
import { textNow } from '../language/text-now.ts';
import { browserOf } from './browser-of.ts';
import { accountText } from './text.ts';

type PasskeyCode = FetchCode | 'passkeys-unsupported' | 'passkey-cancelled' | 'passkey-known';

/** The browser itself checks options and answers of a ceremony. */
const asIs: Shape<unknown> = (value) => value;

/** Makes a passkey: for the invited person of the link, or, without one, for whoever is signed in. */
export async function makePasskey(
  invitation: string | null,
  name: string,
): Promise<Result<null, PasskeyCode>> {
  if (!areSupported()) return refuse('passkeys-unsupported', textNow(accountText).passkeys.unsupported);
  const query = invitation === null ? '' : `?context=${encodeURIComponent(invitation)}`;
  const options = await fetchJson(`/api/auth/passkey/generate-register-options${query}`, asIs);
  if (!options.ok) return options;
  const made = await ceremony(() =>
    navigator.credentials.create({
      // The studio's answer is the JSON form of exactly this (WebAuthn §5.1.8).
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        options.value as PublicKeyCredentialCreationOptionsJSON,
      ),
    }),
  );
  if (!made.ok) return made;
  return finish('verify-registration', {
    response: made.value,
    name,
    createSession: invitation !== null,
  });
}

/** Signs in with a passkey that the person chooses. */
export async function signInByPasskey(): Promise<Result<null, PasskeyCode>> {
  if (!areSupported()) return refuse('passkeys-unsupported', textNow(accountText).passkeys.unsupported);
  const options = await fetchJson('/api/auth/passkey/generate-authenticate-options', asIs);
  if (!options.ok) return options;
  const signed = await ceremony(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        options.value as PublicKeyCredentialRequestOptionsJSON,
      ),
    }),
  );
  if (!signed.ok) return signed;
  return finish('verify-authentication', { response: signed.value });
}

/** By the browser it is made in, until its owner finds a better one. */
export function newPasskeyName(): string {
  const { passkeys, sessions } = textNow(accountText);
  return browserOf(navigator.userAgent, sessions.browserOn) ?? passkeys.newName;
}

function areSupported(): boolean {
  return (
    typeof PublicKeyCredential === 'function' &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function'
  );
}

async function ceremony(ask: () => Promise<Credential | null>): Promise<Result<unknown, PasskeyCode>> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return ok(credential.toJSON());
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError')
      return refuse('passkey-known', textNow(accountText).passkeys.known);
  }
  return refuse('passkey-cancelled', textNow(accountText).passkeys.cancelled);
}

async function finish(step: string, body: object): Promise<Result<null, PasskeyCode>> {
  const done = await fetchJson(`/api/auth/passkey/${step}`, asIs, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return done.ok ? ok(null) : done;
}
