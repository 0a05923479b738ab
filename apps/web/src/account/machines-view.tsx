import type { FarmNode } from '@jamnet/jamnode/page';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { own } from './account-api.ts';
import { pairCommand } from './pair-command.ts';
import { accountText } from './text.ts';

/** A code for one machine works this long. */
const CODE_HOURS = 24;

/** The machines that work for the account, and a code for the next. */
export function MachinesView() {
  const words = useText(accountText).machines;
  const format = useFormats();
  const { asked, again } = useAnswer(own.machines);
  const [code, setCode] = useState<string | null>(null);
  const [complaint, setComplaint] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    const made = await own.machineCode(1, CODE_HOURS);
    setCode(made.ok ? made.value.code : null);
    setComplaint(made.ok ? null : made.message);
  };
  return (
    <section className="account-part" aria-labelledby="machines">
      <h3 id="machines">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
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
    </section>
  );
}

function MachineRow({ machine }: { readonly machine: FarmNode }) {
  const words = useText(accountText).machines;
  const format = useFormats();
  const { name, state, device, running, slots, releasedUnits, heldUnits, forfeitedUnits } = machine;
  return (
    <li>
      <div className="row-head">
        <b translate="no">{name}</b>
        <span className="quiet">
          {words.states[state]}
          {state === 'connected' && `: ${words.running(running, slots)}`}
        </span>
      </div>
      <p className="quiet">
        {device !== null && `${device}. `}
        {words.units(format.number(BigInt(releasedUnits)), format.number(BigInt(heldUnits)))}
        {BigInt(forfeitedUnits) > 0n && `; ${words.forfeited(format.number(BigInt(forfeitedUnits)))}`}
      </p>
      {machine.lastRefusal !== null && (
        <p className="quiet" lang="en">
          {machine.lastRefusal}
        </p>
      )}
    </li>
  );
}
