import { useCallback } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { More } from '../books/more.tsx';
import { usePages } from '../books/use-pages.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { nodes } from './nodes-api.ts';
import { RulesView } from './rules-view.tsx';
import { text } from './text.ts';
import { WhyIdle } from './why-idle.tsx';

/** One machine: what it does and why not, its rules, what it did and what was decided about it. */
export function MachineView({ node }: { readonly node: string }) {
  const words = useText(text);
  const { asked, again } = useAnswer(nodes.all);
  const machine = asked.status === 'answered' ? asked.value.nodes.find((each) => each.node === node) : null;
  return (
    <section className="account-part" aria-label={words.title}>
      <p>
        <a href="#all">{words.back}</a>
      </p>
      {asked.status === 'asking' && <p role="status">{words.asking}</p>}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {machine === undefined && <p>{words.unknown}</p>}
      {machine && (
        <>
          <h3>
            <span translate="no">{machine.name}</span>{' '}
            <span className="tape">{words.states[machine.state]}</span>
          </h3>
          {machine.state === 'connected' && (
            <p className="quiet">
              {machine.device !== null && <span translate="no">{machine.device}. </span>}
              {machine.slots > 0 && words.running(machine.running, machine.slots)}
            </p>
          )}
          <WhyIdle machine={machine} />
          <RulesView notice={machine.notice} />
          <WorkList node={node} />
          <DecisionList node={node} />
        </>
      )}
    </section>
  );
}

function WorkList({ node }: { readonly node: string }) {
  const words = useText(text);
  const format = useFormats();
  const pages = usePages(useCallback((after: string | null) => nodes.work(node, after), [node]));
  return (
    <div data-part="work">
      <h3>{words.work}</h3>
      {pages.status === 'answered' && pages.rows.length === 0 && <p className="quiet">{words.noWork}</p>}
      <ul className="rows">
        {pages.rows.map(({ task, kind, workUnits, acceptedAtUs, state, evidence }) => (
          <li key={task} data-work={state}>
            <div className="row-head">
              <b translate="no">{kind}</b>
              <span className="tape">{words.workStates[state]}</span>
            </div>
            <p>
              {words.workLine(
                format.number(BigInt(workUnits)),
                format.moment(Number(BigInt(acceptedAtUs) / 1000n)),
              )}
            </p>
            <p className="quiet">
              {words.evidence}:{' '}
              <code className="hash" translate="no">
                {evidence}
              </code>
            </p>
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}

function DecisionList({ node }: { readonly node: string }) {
  const words = useText(text);
  const format = useFormats();
  const pages = usePages(useCallback((after: string | null) => nodes.decisions(node, after), [node]));
  return (
    <div data-part="decisions">
      <h3>{words.decisions}</h3>
      {pages.status === 'answered' && pages.rows.length === 0 && <p className="quiet">{words.noDecisions}</p>}
      <ul className="rows">
        {pages.rows.map(({ task, atUs, code, sentence }) => (
          <li key={`${task} ${atUs} ${code} ${sentence}`} data-decision={code}>
            <div className="row-head">
              <b>{words.codes[code] ?? code}</b>
              <span className="quiet">{format.moment(Number(BigInt(atUs) / 1000n))}</span>
            </div>
            <p lang="en">{sentence}</p>
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </div>
  );
}
