import './machines.css';
import { memo } from 'react';
import type { Groove, MeshNode, MeshTask } from '../api/state.ts';
import { shortId } from '../format/numbers.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { GrooveTable } from './groove-table.tsx';
import { rowsOf, type TaskRow } from './task-grid.ts';

/** Cells drawn per kind and refusals listed; the counts beside them are always of all. */
const CELLS_MAX = 256;
const REJECTED_SHOWN_MAX = 8;

export interface MachinesProps {
  readonly nodes: readonly MeshNode[];
  readonly tasks: readonly MeshTask[];
  readonly groove: Groove | null;
}

export const MachinesSection = memo(function MachinesSection({ nodes, tasks, groove }: MachinesProps) {
  const words = useText(text).machines;
  return (
    <Section id="machines" mark="D" title={words.title} lede={words.lede}>
      <div className="halves">
        <div>
          <h3>{words.nodesTitle}</h3>
          {nodes.length === 0 ? <Empty>{words.nodesEmpty}</Empty> : <Nodes nodes={nodes} />}
        </div>
        <div>
          <h3>{words.tasksTitle}</h3>
          {tasks.length === 0 ? <Empty>{words.tasksEmpty}</Empty> : <Tasks tasks={tasks} nodes={nodes} />}
        </div>
      </div>
      <h3>{words.grooveTitle}</h3>
      {groove === null ? <Empty>{words.grooveEmpty}</Empty> : <GrooveTable groove={groove} />}
    </Section>
  );
});

function Nodes({ nodes }: { readonly nodes: readonly MeshNode[] }) {
  const words = useText(text).machines;
  const format = useFormats();
  return (
    <ul className="rows">
      {nodes.map((node) => (
        <li key={node.id} className={`node node-${node.state}`}>
          <div className="row-head">
            <span className="scribble" translate="no" title={node.id}>
              {node.name}
            </span>
            <span className={`lamp lamp-${node.state}`}>{words.states[node.state]}</span>
          </div>
          <p className="node-counts">
            <span>
              <b>{format.number(node.verified)}</b> {words.verified}
            </span>
            <span>
              <b>{format.number(node.rejected)}</b> {words.rejected}
            </span>
            <span>
              <b>{format.number(BigInt(node.workUnits))}</b> {words.workUnits}
            </span>
          </p>
          {node.lastRefusal !== null && (
            <p className="refusal">
              {words.refusal} <span lang="en">{node.lastRefusal}</span>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Tasks({
  tasks,
  nodes,
}: {
  readonly tasks: readonly MeshTask[];
  readonly nodes: readonly MeshNode[];
}) {
  const words = useText(text).machines;
  const rejected = tasks.filter((task) => task.state === 'rejected');
  const nameOf = (id: string | null): string =>
    nodes.find((node) => node.id === id)?.name ?? shortId(id ?? '?');
  return (
    <>
      <ul className="rows">
        {rowsOf(tasks).map((row) => (
          <TaskRowView key={row.kind} row={row} />
        ))}
      </ul>
      {rejected.length > 0 && (
        <>
          <h4>{words.rejectedTitle}</h4>
          <ul className="rows">
            {rejected.slice(-REJECTED_SHOWN_MAX).map((task) => (
              <li key={task.id} className="refusal">
                <span translate="no">{task.kind}</span> {words.rejectedBy(nameOf(task.node))}{' '}
                {task.reason === null ? words.noReason : <span lang="en">{task.reason}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** One row of a step sequencer: a cell per task. The text says the same in numbers. */
function TaskRowView({ row }: { readonly row: TaskRow }) {
  const words = useText(text).machines;
  const format = useFormats();
  return (
    <li>
      <div className="row-head">
        <span translate="no">{row.kind}</span>
        <span className="quiet">
          {row.counts
            .map(({ state, count }) => words.taskCount(format.number(count), words.taskStates[state]))
            .join(', ')}
        </span>
      </div>
      <div className="cells" aria-hidden="true">
        {row.tasks.slice(0, CELLS_MAX).map((task) => (
          <span key={task.id} className={`cell cell-${task.state}`} />
        ))}
      </div>
      {row.tasks.length > CELLS_MAX && (
        <p className="quiet">{words.tasksMore(format.number(row.tasks.length - CELLS_MAX))}</p>
      )}
    </li>
  );
}
