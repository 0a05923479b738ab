import { useText } from '../language/use-text.ts';
import type { MidiCables, MidiPort, MidiState } from './midi/midi-cables.ts';
import { roomText } from './text.ts';

interface MidiDeskProps {
  readonly cables: MidiCables;
  readonly state: MidiState;
  /** Notes of a listener go nowhere. */
  readonly maySend: boolean;
}

/** Keys in and out; asked for by a press, since the browser asks the player then. */
export function MidiDesk({ cables, state, maySend }: MidiDeskProps) {
  const words = useText(roomText).midi;
  return (
    <section className="midi" aria-label={words.title}>
      <h3>{words.title}</h3>
      {state.phase === 'on' ? (
        <div className="strip-row">
          {maySend && (
            <Ports
              name={words.input}
              ports={state.inputs}
              chosen={state.inputId}
              choose={(id) => cables.chooseInput(id)}
            />
          )}
          <Ports
            name={words.output}
            ports={state.outputs}
            chosen={state.outputId}
            choose={(id) => cables.chooseOutput(id)}
          />
        </div>
      ) : (
        <>
          <button type="button" disabled={state.phase === 'asking'} onClick={() => void cables.open()}>
            {words.open}
          </button>
          {(state.phase === 'missing' || state.phase === 'refused') && (
            <p role="status">{words[state.phase]}</p>
          )}
        </>
      )}
    </section>
  );
}

interface PortsProps {
  readonly name: string;
  readonly ports: readonly MidiPort[];
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

function Ports({ name, ports, chosen, choose }: PortsProps) {
  const words = useText(roomText).midi;
  return (
    <label className="field">
      <span>{name}</span>
      <select value={chosen} onChange={(event) => choose(event.target.value)}>
        <option value="">{ports.length === 0 ? words.nothing : words.none}</option>
        {ports.map(({ id, name: portName }) => (
          <option key={id} value={id} translate="no">
            {portName}
          </option>
        ))}
      </select>
    </label>
  );
}
