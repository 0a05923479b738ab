import type { FarmNode } from '@jamnet/jamnode/page';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { jamText } from '../format/amounts.ts';
import { groupThousands } from '../format/numbers.ts';
import { Complaint } from '../look/complaint.tsx';
import { own } from './account-api.ts';
import { accountText } from './text.ts';

const words = accountText.machines;

/** A code for one machine works this long. */
const CODE_HOURS = 24;

/** The machines that work for the account, and a code for the next. */
export function MachinesView() {
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
            <p className="quiet">{words.earned(jamText(asked.value.computeMicroJam))}</p>
          </>
        ))}
      {code !== null && (
        <div className="codes" role="status">
          <p>{words.code}</p>
          <p>
            <code>{words.command(code)}</code>
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
  const { name, state, device, running, slots, releasedUnits, heldUnits, forfeitedUnits } = machine;
  return (
    <li>
      <div className="row-head">
        <b>{name}</b>
        <span className="quiet">
          {words.states[state]}
          {state === 'connected' && `: ${words.running(running, slots)}`}
        </span>
      </div>
      <p className="quiet">
        {device !== null && `${device}. `}
        {words.units(groupThousands(releasedUnits), groupThousands(heldUnits))}
        {BigInt(forfeitedUnits) > 0n && `; ${words.forfeited(groupThousands(forfeitedUnits))}`}
      </p>
      {machine.lastRefusal !== null && <p className="quiet">{machine.lastRefusal}</p>}
    </li>
  );
}
