import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { type BadHost, type MeshStatus, mesh } from './nodes-api.ts';
import { nodesText } from './text.ts';

type Figure = readonly [name: string, value: string];

/** How the mesh is: who is there, how long the queue is, what came of the checks, and who was caught. */
export function MeshFigures({ onOpen }: { readonly onOpen: (node: string) => void }) {
  const words = useText(nodesText);
  const format = useFormats();
  const { asked, again } = useAnswer(mesh.status);
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  if (asked.status === 'asking') return null;
  const { nodes, slots, queue, acceptedPerSecond, badHosts } = asked.value;
  const { number } = format;
  return (
    <>
      <Figures
        title={words.now}
        figures={[
          [words.connected, number(nodes.connected)],
          [words.working, number(nodes.working)],
          [words.known, number(nodes.known)],
          [words.banned, number(nodes.banned)],
          [words.slots, `${number(slots.running)} / ${number(slots.offered)}`],
          [words.perSecond, number(acceptedPerSecond, 1)],
        ]}
      />
      <Figures
        title={words.queue}
        figures={(['queued', 'running', 'checking', 'accepted', 'failed'] as const).map((state) => [
          words.queueStates[state],
          number(queue[state]),
        ])}
      />
      <Outcomes outcomes={asked.value.outcomes} />
      <BadHosts hosts={badHosts} onOpen={onOpen} />
    </>
  );
}

function Outcomes({ outcomes }: Pick<MeshStatus, 'outcomes'>) {
  const words = useText(nodesText);
  const { number } = useFormats();
  const named = (counts: Readonly<Record<string, number>>, name: (key: string) => string): Figure[] =>
    Object.entries(counts).map(([key, value]) => [name(key), number(value)]);
  return (
    <Figures
      title={words.outcomes}
      figures={[
        [words.checks, number(outcomes.checks)],
        [words.provenFalse, number(outcomes.provenFalse)],
        [words.retracted, number(outcomes.retracted)],
        [words.late, number(outcomes.late)],
        [words.released, number(BigInt(outcomes.releasedUnits))],
        [words.forfeited, number(BigInt(outcomes.forfeitedUnits))],
        ...named(outcomes.acceptedByKind, words.accepted),
        ...named(outcomes.refusedByCode, words.refused),
      ]}
    />
  );
}

function Figures({ title, figures }: { readonly title: string; readonly figures: readonly Figure[] }) {
  return (
    <div className="studio-card">
      <h3>{title}</h3>
      <dl className="facts facts-row">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface BadHostsProps {
  readonly hosts: readonly BadHost[];
  readonly onOpen: (node: string) => void;
}

function BadHosts({ hosts, onOpen }: BadHostsProps) {
  const words = useText(nodesText);
  const format = useFormats();
  return (
    <div className="studio-card" data-part="bad-hosts">
      <h3>{words.bad}</h3>
      {hosts.length === 0 && <p>{words.noBad}</p>}
      <ul className="rows">
        {hosts.map(({ node, name, state, provenFakes, sentences }) => (
          <li key={node}>
            <div className="row-head">
              <button type="button" className="link" onClick={() => onOpen(node)}>
                {name}
              </button>
              <span>
                <span className="tape">{words.states[state]}</span> {words.fakes(format.number(provenFakes))}
              </span>
            </div>
            <ul className="quiet" lang="en">
              {[...new Set(sentences)].map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}
