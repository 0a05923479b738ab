/** A way in or out of the machine for sound, as its driver calls it. */
export interface SoundCard {
  readonly kind: 'audioinput' | 'audiooutput';
  readonly label: string;
}

/** ALSA's device that throws sound away is no card. */
const NO_CARD = /discard all samples/i;

/** The cards that the system shows, by `node-web-audio-api`; `null` where it has no binary or the system no sound library. */
export async function soundCards(): Promise<readonly SoundCard[] | null> {
  try {
    const { mediaDevices } = await import('node-web-audio-api');
    const devices = await mediaDevices.enumerateDevices();
    return devices.flatMap(({ kind, label }): SoundCard[] =>
      (kind === 'audioinput' || kind === 'audiooutput') && !NO_CARD.test(label) ? [{ kind, label }] : [],
    );
  } catch {
    return null;
  }
}
