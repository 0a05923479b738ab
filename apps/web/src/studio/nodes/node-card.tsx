import { useCallback, useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { type Evidence, type MeshNode, mesh } from './nodes-api.ts';
import { nodesText } from './text.ts';

interface NodeCardProps {
  readonly name: string;
  readonly canAct: boolean;
  readonly onClose: () => void;
}

/** One node: what it earned, what was decided about it, and for operators the way out and back in. */
export function NodeCard({ name, canAct, onClose }: NodeCardProps) {
  const words = useText(nodesText);
  const { asked, again } = useAnswer(useCallback(() => mesh.one(name), [name]));
  return (
    <>
      <button type="button" onClick={onClose}>
        {words.close}
      </button>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && (
        <>
          <NodeFacts node={asked.value} />
          {canAct && <BanForm node={asked.value} onDone={again} />}
          <EvidenceList evidence={asked.value.evidence} />
        </>
      )}
    </>
  );
}

function NodeFacts({ node }: { readonly node: MeshNode }) {
  const words = useText(nodesText);
  const { number } = useFormats();
  return (
    <div className="studio-card" data-part="node" data-state={node.state}>
      <h3>
        {node.name} <span className="tape">{words.states[node.state]}</span>
      </h3>
      <p className="hash">{node.node}</p>
      {node.connection?.idle != null && <p>{words.idle[node.connection.idle]}</p>}
      <dl className="facts facts-row">
        {[
          [words.owner, node.ownerGroup],
          [words.results, number(node.revealed)],
          [words.provenFalse, number(node.provenFakes)],
          [words.held, number(BigInt(node.heldUnits))],
          [words.released, number(BigInt(node.releasedUnits))],
          [words.forfeited, number(BigInt(node.forfeitedUnits))],
        ].map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const words = useText(nodesText);
  const format = useFormats();
  return (
    <div className="studio-card" data-part="evidence">
      <h4>{words.open}</h4>
      {evidence.length === 0 && <p>{words.noEvidence}</p>}
      <ul className="rows">
        {evidence.map(({ atUs, code, sentence }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole.
          <li key={place} data-code={code}>
            <p lang="en">{sentence}</p>
            <p className="quiet">{format.moment(Number(BigInt(atUs) / 1000n))}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function BanForm({ node, onDone }: { readonly node: MeshNode; readonly onDone: () => void }) {
  const words = useText(nodesText);
  const { number } = useFormats();
  const { draft, write, clear } = useDraft(`ban-${node.node}`, { reason: '' });
  const [isAsking, setAsking] = useState(false);
  const [isDone, setDone] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const isBanned = node.state === 'banned';
  const name = isBanned ? words.unban : words.ban;
  const judge = async (): Promise<void> => {
    setAsking(false);
    const begun = (isBanned ? mesh.unban : mesh.ban)(node.node, draft.reason);
    if (!(await act(begun))) return;
    clear();
    setDone(true);
    onDone();
  };
  return (
    <form
      className="studio-form"
      onSubmit={(event) => {
        event.preventDefault();
        setDone(false);
        setAsking(true);
      }}
    >
      <TextField
        name="reason"
        label={words.reason}
        hint={words.reasonHint}
        value={draft.reason}
        maxLength={256}
        autoComplete="off"
        onText={(reason) => write({ reason })}
      />
      {complaint !== null && <Complaint message={complaint} />}
      {isDone && (
        <p role="status" className="proof">
          {words.done}
        </p>
      )}
      <button type="submit" disabled={isBusy}>
        {name}
      </button>
      {isAsking && (
        <Confirm
          title={isBanned ? words.sureUnban : words.sureBan}
          totals={[
            [words.node, node.name],
            [words.owner, node.ownerGroup],
            [words.held, number(BigInt(node.heldUnits))],
            [words.provenFalse, number(node.provenFakes)],
            [words.reason, draft.reason],
          ]}
          act={name}
          isBusy={isBusy}
          onAct={() => void judge()}
          onLeave={() => setAsking(false)}
        >
          <p>{isBanned ? words.sureUnbanWhy : words.sureBanWhy}</p>
        </Confirm>
      )}
    </form>
  );
}
