import type { Formats } from '../language/formats.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { AdviceList } from './advice/advice-list.tsx';
import { BeatDesk } from './beat-desk.tsx';
import { kindsOf } from './consent.ts';
import { totalMs } from './engine/stages.ts';
import { InviteButton } from './invite/invite-button.tsx';
import type { PlayerReport, RoomReport } from './messages.ts';
import { MidiDesk } from './midi-desk.tsx';
import { PathList } from './path-list.tsx';
import { RecordDesk } from './recording/recordings-view.tsx';
import type { RoomClient, RoomState } from './room-client.ts';
import { roomText } from './text.ts';

/** Sound in air, m/s. */
const SOUND_M_PER_S = 343;
/** Below this peak nothing is plugged in: −60 dB. */
const SILENT = 0.001;

export interface InsideViewProps {
  readonly client: RoomClient;
  readonly state: RoomState;
}

export function InsideView({ client, state }: InsideViewProps) {
  const words = useText(roomText).inside;
  const format = useFormats();
  const { report } = state;
  if (report === null) return null;
  return (
    <div className="inside">
      <section className="desk" aria-label={words.you}>
        <p role="status" data-phase={report.phase}>
          {statusOf(state, report, words)}
        </p>
        {report.inputLevel !== null && <Meter label={words.level} level={report.inputLevel} />}
        {report.phase === 'playing' && (report.inputLevel ?? 1) < SILENT && !state.isMuted && (
          <p className="quiet">{words.silent}</p>
        )}
        <div className="desk-buttons">
          {report.inputLevel !== null && (
            <button type="button" aria-pressed={state.isMuted} onClick={() => client.mute(!state.isMuted)}>
              {state.isMuted ? words.unmute : words.mute}
            </button>
          )}
          <button type="button" onClick={() => client.leave()}>
            {words.leave}
          </button>
        </div>
        <RecordDesk
          recordings={client.recordings}
          state={state.recordings}
          players={report.players}
          isPlaying={report.phase === 'playing'}
        />
      </section>
      <AdviceList advice={report.advice} />
      <BeatDesk client={client} beat={report.beat} click={state.click} />
      <section aria-label={words.players}>
        <h3>{words.players}</h3>
        {report.players.length === 0 && <p className="quiet">{words.alone}</p>}
        <InviteButton />
        <ul className="players">
          {report.players.map((player) => (
            <Player
              key={player.player}
              player={player}
              outputMs={state.outputMs}
              gain={state.gains[player.player] ?? 1}
              setGain={(gain) => client.setGain(player.player, gain)}
            />
          ))}
        </ul>
        {report.listeners.length > 0 && (
          <p className="listeners">
            {words.listeners}{' '}
            {report.listeners.map((name) => (
              <span key={name} className="scribble" data-listener={name} translate="no">
                {name}
              </span>
            ))}
          </p>
        )}
      </section>
      <MidiDesk cables={client.midi} state={state.midi} maySend={!state.listens} />
      <PathList tries={state.tries} />
      <dl className="facts facts-row">
        <Fact name={words.roundTrip} value={hundredths(report.roundTripMs, format)} />
        <Fact name={words.quantum} value={words.frames(state.quantumFrames)} />
        <Fact name={words.sent} value={format.number(report.sentPackets)} />
        <Fact name={words.starved} value={`${format.number(report.starved)} ×`} />
      </dl>
    </div>
  );
}

type Words = (typeof roomText)['en'];

function statusOf({ listens }: RoomState, { phase, players }: RoomReport, words: Words['inside']): string {
  if (!listens || phase === 'joining') return words[phase];
  if (players.length === 0) return words.noPlayers;
  return phase === 'playing' ? words.listening : words[phase];
}

/** Stages are told to 0.01 ms: some are a fraction of one, and people add them up. */
function hundredths(ms: number, format: Formats): string {
  return `${format.number(ms, 2)} ms`;
}

interface PlayerProps {
  readonly player: PlayerReport;
  readonly outputMs: number;
  readonly gain: number;
  readonly setGain: (gain: number) => void;
}

function Player({ player, outputMs, gain, setGain }: PlayerProps) {
  const { inside: words, consent: consentWords } = useText(roomText);
  const format = useFormats();
  const { stages } = player;
  const total = totalMs(stages) + outputMs;
  const parts = [
    ['input', stages.inputMs],
    ['packet', stages.packetMs],
    ['network', stages.networkMs],
    ['buffer', stages.bufferMs],
    ['cushion', stages.cushionMs],
    ['output', outputMs],
  ] as const;
  return (
    <li className="player" data-player={player.player} data-total-ms={total.toFixed(3)}>
      <div className="row-head">
        <h4 className="scribble" translate="no">
          {player.player}
        </h4>
        {!player.isPresent && <span className="quiet">{words.gone}</span>}
        <span className="figure player-total">
          <b>{format.milliseconds(total)}</b> {words.total}
        </span>
      </div>
      <p className="quiet">
        {words.metres(format.number((total * SOUND_M_PER_S) / 1000, 1))} ·{' '}
        {allowed(player.consent, consentWords, format)}
      </p>
      <div className="budget-bar" aria-hidden="true">
        {parts.map(([name, ms]) => (
          <span key={name} className={`stage stage-${name}`} style={{ flexGrow: Math.max(0, ms) }} />
        ))}
      </div>
      <dl className="facts facts-row budget" aria-label={words.budget}>
        {parts.map(([name, ms]) => (
          <div key={name}>
            <dt>
              <span className={`swatch stage-${name}`} aria-hidden="true" />
              {words.stages[name]}
            </dt>
            <dd className="figure">{hundredths(ms, format)}</dd>
          </div>
        ))}
      </dl>
      <div className="strip-row">
        <label className="volume">
          <span>{words.volume(player.player)}</span>
          <input
            type="range"
            min="0"
            max="1.5"
            step="0.05"
            value={gain}
            onChange={(event) => setGain(Number(event.target.value))}
          />
        </label>
        <button type="button" aria-pressed={gain === 0} onClick={() => setGain(gain === 0 ? 1 : 0)}>
          {words.muteFor(player.player)}
        </button>
        <Meter label={player.player} level={player.level} />
      </div>
      <dl className="facts facts-row">
        <Fact name={words.lost} value={format.percent(player.lostPercent / 100)} />
        <Fact name={words.recovered} value={format.number(player.recovered)} />
        <Fact name={words.concealed} value={format.number(player.concealed)} />
        <Fact name={words.late} value={format.number(player.late)} />
        {player.foretold > 0 && <Fact name={words.foretold} value={format.number(player.foretold)} />}
        <Fact name={words.drift} value={`${format.number(player.driftPpm)} ppm`} />
        <Fact
          name={words.verified}
          value={player.isSigned ? words.verifiedPackets(player.verified) : words.unsigned}
        />
      </dl>
      {player.forged > 0 && (
        <p role="alert" data-forged={player.forged}>
          {words.forged(player.player, player.forged)}
        </p>
      )}
    </li>
  );
}

function allowed(consent: number, { allows, nothing, short }: Words['consent'], format: Formats): string {
  const kinds = kindsOf(consent);
  return kinds.length === 0 ? nothing : allows(format.list(kinds.map((kind) => short[kind])));
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}

/** Peak on a scale of 60 dB. */
function Meter({ label, level }: { readonly label: string; readonly level: number }) {
  const decibels = level <= 0 ? -60 : Math.max(-60, 20 * Math.log10(level));
  return (
    <meter
      className="level"
      aria-label={label}
      min={-60}
      max={0}
      low={-50}
      high={-3}
      optimum={-12}
      value={decibels}
    />
  );
}
