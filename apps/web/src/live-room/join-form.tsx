import { type FormEvent, useEffect, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { TextField } from '../look/text-field.tsx';
import type { SoundSource } from './audio/room-audio.ts';
import { type ConsentKind, consentOf, rememberConsent, rememberedConsent } from './consent.ts';
import { ConsentFields } from './consent-fields.tsx';
import { PathList } from './path-list.tsx';
import type { RoomClient, RoomState } from './room-client.ts';
import { roomText } from './text.ts';

const KINDS = ['microphone', 'file', 'keys', 'listen'] as const;
type Kind = (typeof KINDS)[number];
/** Those of whom the others hear sound. */
const SOUND: ReadonlySet<Kind> = new Set(['microphone', 'file']);

export interface JoinFormProps {
  readonly client: RoomClient;
  readonly state: RoomState;
  readonly invitation: string;
  readonly room: string;
}

export function JoinForm({ client, state, invitation, room }: JoinFormProps) {
  const words = useText(roomText).form;
  const [player, setPlayer] = useState(() => rememberedName());
  const [kind, setKind] = useState<Kind>('microphone');
  const [deviceId, setDeviceId] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [followDrift, setFollowDrift] = useState(true);
  const [kinds, setKinds] = useState<readonly ConsentKind[]>(() => rememberedConsent(room) ?? []);
  const devices = useMicrophones();
  const isEntering = state.phase === 'entering';

  function submit(event: FormEvent): void {
    event.preventDefault();
    rememberName(player);
    rememberConsent(room, kinds);
    void client.join({
      invitation,
      player: player.trim(),
      source: sourceOf(kind, deviceId, file),
      listens: kind === 'listen',
      followDrift,
      // Without sound there is nothing to be recorded.
      consent: SOUND.has(kind) ? consentOf(kinds) : 0,
    });
  }

  return (
    <form className="join-form" onSubmit={submit}>
      <TextField
        name="player"
        label={words.name}
        hint={words.nameHint}
        value={player}
        onText={setPlayer}
        maxLength={32}
        pattern="[\p{L}\p{N}][\p{L}\p{N} ._'\-]*"
        autoComplete="nickname"
        title={words.nameHint}
      />
      <fieldset className="field">
        <legend>{words.source}</legend>
        <div className="switch switch-large">
          {KINDS.map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="source"
                value={each}
                checked={kind === each}
                onChange={() => setKind(each)}
              />
              <span>{words[each]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {kind === 'microphone' && (
        <label className="field">
          <span>{words.device}</span>
          <select name="device" value={deviceId} onChange={(event) => setDeviceId(event.target.value)}>
            <option value="">{words.deviceDefault}</option>
            {devices.map((device) => (
              <option key={device.deviceId} value={device.deviceId} translate="no">
                {device.label}
              </option>
            ))}
          </select>
        </label>
      )}
      {kind === 'file' && (
        <label className="field">
          <span>{words.chooseFile}</span>
          <input
            type="file"
            name="file"
            accept="audio/*"
            required
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </label>
      )}
      {kind === 'keys' && <p className="quiet">{words.keysHint}</p>}
      {kind === 'listen' && <p className="quiet">{words.listenHint}</p>}
      {SOUND.has(kind) && <ConsentFields kinds={kinds} choose={setKinds} />}
      <label className="tick">
        <input
          type="checkbox"
          name="drift"
          checked={followDrift}
          onChange={(event) => setFollowDrift(event.target.checked)}
        />
        <span>
          {words.drift}
          <small className="quiet">{words.driftHint}</small>
        </span>
      </label>
      <button type="submit" className="primary" disabled={isEntering}>
        {isEntering ? words.entering : state.phase === 'over' ? words.again : words.join}
      </button>
      {state.tries.length > 0 && <PathList tries={state.tries} />}
    </form>
  );
}

function sourceOf(kind: Kind, deviceId: string, file: File | null): SoundSource {
  if (kind === 'microphone') return { kind, deviceId };
  return kind === 'file' && file !== null ? { kind, file } : { kind: 'none' };
}

/** Named microphones: browsers tell them once the page has been allowed one. */
function useMicrophones(): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    const media = navigator.mediaDevices;
    if (media === undefined) return;
    const look = (): void =>
      void media.enumerateDevices().then(
        (all) =>
          setDevices(
            all.filter(
              ({ kind, label, deviceId }) => kind === 'audioinput' && label !== '' && deviceId !== 'default',
            ),
          ),
        () => undefined,
      );
    look();
    media.addEventListener('devicechange', look);
    return () => media.removeEventListener('devicechange', look);
  }, []);
  return devices;
}

const NAME_KEY = 'jamnet-player';

function rememberedName(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}

function rememberName(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // Storage is switched off: the name is asked again.
  }
}
