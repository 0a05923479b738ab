import type { BandPlace, ClickMode } from '@jamnet/jambox/music';
import { type FormEvent, useState } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import type { BeatReport } from './messages.ts';
import type { RoomClient } from './room-client.ts';
import { roomText } from './text.ts';

const DEFAULT_TEMPO_BPM = 120;
const DEFAULT_BEATS_PER_BAR = 4;

interface BeatDeskProps {
  readonly client: RoomClient;
  readonly beat: BeatReport | null;
  readonly click: ClickMode;
}

/** The room's beat: one for all, set by anybody; the click is this page's own. */
export function BeatDesk({ client, beat, click }: BeatDeskProps) {
  const words = useText(roomText).beat;
  const format = useFormats();
  const [tempo, setTempo] = useState('');
  const [beats, setBeats] = useState('');
  const shownTempo = tempo === '' ? String(beat?.tempoBpm ?? DEFAULT_TEMPO_BPM) : tempo;
  const shownBeats = beats === '' ? String(beat?.beatsPerBar ?? DEFAULT_BEATS_PER_BAR) : beats;
  const isRunning = beat?.isRunning ?? false;

  function set(willRun: boolean): void {
    client.setBeat({ tempoBpm: Number(shownTempo), beatsPerBar: Number(shownBeats), isRunning: willRun });
    // From now on what the room says is shown.
    setTempo('');
    setBeats('');
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    set(true);
  }

  return (
    <section className="beat" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p className="beat-place figure" data-running={isRunning} data-tempo={beat?.tempoBpm ?? ''}>
        {beat === null || !isRunning ? (
          <span className="quiet">
            {beat === null ? words.none : words.stopped(format.number(Number(shownTempo), 1))}
          </span>
        ) : (
          <>
            <b>{format.bar(beat.bar + 1, beat.beat + 1)}</b> {words.tempo(format.number(beat.tempoBpm, 1))}
          </>
        )}
      </p>
      <form className="beat-form" onSubmit={submit}>
        <label>
          <span>{words.bpm}</span>
          <input
            type="number"
            name="tempo"
            min="20"
            max="400"
            step="0.1"
            required
            value={shownTempo}
            onChange={(event) => setTempo(event.target.value)}
          />
        </label>
        <label>
          <span>{words.beatsPerBar}</span>
          <input
            type="number"
            name="beats"
            min="1"
            max="32"
            step="1"
            required
            value={shownBeats}
            onChange={(event) => setBeats(event.target.value)}
          />
        </label>
        <button type="submit">{isRunning ? words.change : words.start}</button>
        <button type="button" disabled={!isRunning} onClick={() => set(false)}>
          {words.stop}
        </button>
        <button
          type="button"
          aria-pressed={click !== 'off'}
          onClick={() => client.setClick(click === 'off' ? 'plain' : 'off')}
        >
          {words.click}
        </button>
        <button
          type="button"
          aria-pressed={click === 'band'}
          disabled={click === 'off'}
          onClick={() => client.setClick(click === 'band' ? 'plain' : 'band')}
        >
          {words.follow}
        </button>
      </form>
      {click === 'band' && <Band place={beat?.band ?? null} />}
      <p className="quiet">{words.hint}</p>
    </section>
  );
}

/** Where the click is that follows the band, beside the beat that was announced. */
function Band({ place }: { readonly place: BandPlace | null }) {
  const words = useText(roomText).beat;
  const format = useFormats();
  if (place === null || !place.isLed)
    return (
      <p className="quiet band" role="status" data-led={false}>
        {words.alone}
      </p>
    );
  const ms = Math.round(place.offsetUs / 1000);
  return (
    <p className="band figure" data-led={true} data-offset-us={place.offsetUs}>
      {ms === 0 ? words.together : words.apart(format.number(Math.abs(ms)), ms > 0)}{' '}
      {words.tempo(format.number(place.tempoMilliBpm / 1000, 1))}
    </p>
  );
}
