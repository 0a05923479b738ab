import { useCallback, useState } from 'react';
import { More } from '../../books/more.tsx';
import { usePages } from '../../books/use-pages.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { MeshFigures } from './mesh-figures.tsx';
import { NodeCard } from './node-card.tsx';
import { type MeshNode, mesh, NODE_STATES, type NodeState } from './nodes-api.ts';
import { nodesText } from './text.ts';

/** The mesh for its operator: figures, bad hosts, and each node with what was decided about it. */
export function NodesView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(nodesText);
  const [open, setOpen] = useState<string | null>(null);
  if (open !== null) return <NodeCard name={open} canAct={canAct} onClose={() => setOpen(null)} />;
  return (
    <>
      <p className="lede">{words.lede}</p>
      <MeshFigures onOpen={setOpen} />
      <NodeList onOpen={setOpen} />
    </>
  );
}

function NodeList({ onOpen }: { readonly onOpen: (node: string) => void }) {
  const words = useText(nodesText);
  const [state, setState] = useState<NodeState | null>(null);
  const pages = usePages(useCallback((after: string | null) => mesh.page(state, after), [state]));
  const isEmpty = pages.status === 'answered' && pages.rows.length === 0;
  return (
    <div className="studio-card" data-part="nodes">
      <h3>{words.nodes}</h3>
      <SelectField
        name="state"
        label={words.state}
        value={state ?? ''}
        choices={[['', words.all], ...NODE_STATES.map((each) => [each, words.states[each]] as const)]}
        onText={(chosen) => setState(NODE_STATES.find((each) => each === chosen) ?? null)}
      />
      {isEmpty && <Empty>{state === null ? words.none : words.noneSuch}</Empty>}
      <ul className="rows">
        {pages.rows.map((node) => (
          <NodeRow key={node.node} node={node} onOpen={() => onOpen(node.node)} />
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}

function NodeRow({ node, onOpen }: { readonly node: MeshNode; readonly onOpen: () => void }) {
  const words = useText(nodesText);
  const format = useFormats();
  const { connection } = node;
  return (
    <li data-node={node.node}>
      <div className="row-head">
        <b>{node.name}</b>
        <span className="tape">{words.states[node.state]}</span>
      </div>
      <p className="quiet">
        {node.ownerGroup}
        {node.trusted && `, ${words.own}`}
        {node.precision === 'fp16' && ', fp16'};{' '}
        {connection === null
          ? words.seen(format.moment(Number(BigInt(node.seenAtUs) / 1000n)))
          : words.at(connection.device, format.number(connection.running), format.number(connection.slots))}
      </p>
      {connection?.idle != null && <p>{words.idle[connection.idle]}</p>}
      <button type="button" onClick={onOpen}>
        {words.open}
      </button>
    </li>
  );
}
