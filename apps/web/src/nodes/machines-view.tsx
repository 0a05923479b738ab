import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { type Machine, nodes } from './nodes-api.ts';
import { pairCommand } from './pair-command.ts';
import { text } from './text.ts';
import { WhyIdle } from './why-idle.tsx';

/** A code for one machine works this long. */
const CODE_HOURS = 24;

/** The machines that work for the account, and a code for the next. */
export function MachinesView() {
  const words = useText(text);
  const format = useFormats();
  const { asked, again } = useAnswer(nodes.all);
  const [code, setCode] = useState<string | null>(null);
  const [complaint, setComplaint] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    const made = await nodes.newCode(1, CODE_HOURS);
    setCode(made.ok ? made.value.code : null);
    setComplaint(made.ok ? null : made.message);
  };
  return (
    <section className="account-part" aria-label={words.title}>
      {asked.status === 'asking' && <p role="status">{words.asking}</p>}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' &&
        (asked.value.nodes.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <>
            <ul className="rows">
              {asked.value.nodes.map((machine) => (
                <MachineRow key={machine.node} machine={machine} />
              ))}
            </ul>
            <p className="quiet">{words.earned(format.jam(asked.value.computeMicroJam))}</p>
          </>
        ))}
      {code !== null && (
        <div className="codes" role="status">
          <p>{words.code}</p>
          <p>
            <code>{pairCommand(code, location)}</code>
          </p>
        </div>
      )}
      <p>
        <button type="button" onClick={() => void make()}>
          {words.make}
        </button>
      </p>
      {complaint !== null && <Complaint message={complaint} />}
      <p>
        <a href="/node/">{words.browser}</a>
      </p>
    </section>
  );
}

function MachineRow({ machine }: { readonly machine: Machine }) {
  const words = useText(text);
  const format = useFormats();
  const { node, name, state, device, running, slots, releasedUnits, heldUnits, forfeitedUnits } = machine;
  return (
    <li>
      <div className="row-head">
        <a href={`#${node}`} translate="no">
          <b>{name}</b>
        </a>
        <span className="quiet">
          {words.states[state]}
          {state === 'connected' && slots > 0 && `: ${words.running(running, slots)}`}
        </span>
      </div>
      <p className="quiet">
        {device !== null && <span translate="no">{device}. </span>}
        {words.units(format.number(BigInt(releasedUnits)), format.number(BigInt(heldUnits)))}
        {BigInt(forfeitedUnits) > 0n && `; ${words.forfeited(format.number(BigInt(forfeitedUnits)))}`}
      </p>
      <WhyIdle machine={machine} />
    </li>
  );
}
