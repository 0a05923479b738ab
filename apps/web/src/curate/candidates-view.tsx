import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { type Candidate, curation } from './curate-api.ts';
import { text } from './text.ts';

/** Models between their figures and their release: what waits and until when, and why earlier ones were released or not. */
export function CandidatesView() {
  const words = useText(text).candidates;
  const { asked, again } = useAnswer(curation.candidates);
  return (
    <section className="curate-part" aria-labelledby="candidates">
      <h3 id="candidates">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && asked.value.candidates.length === 0 && <Empty>{words.none}</Empty>}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.candidates.map((candidate) => (
            <CandidateRow key={`${candidate.modelSha256} ${candidate.openedAtUs}`} candidate={candidate} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CandidateRow({ candidate }: { readonly candidate: Candidate }) {
  const words = useText(text).candidates;
  const format = useFormats();
  const { kind, model, gainPpm, state, code, reason, groups, groupsMin, deadlineUs, endedAtUs } = candidate;
  const moment = (us: string): string => format.moment(Number(BigInt(us) / 1000n));
  return (
    <li data-candidate={state}>
      <div className="row-head">
        <b>{words.kinds[kind]}</b>
        <span className="quiet">
          {model}, {moment(candidate.openedAtUs)}
        </span>
      </div>
      <p>{words.gain(format.percent(Number(gainPpm) / 1e6))}</p>
      <p>
        <b>{words.states[state]}</b>
        {endedAtUs !== null && `, ${moment(endedAtUs)}`}:{' '}
        {code === null
          ? words.waits(groups, groupsMin, moment(deadlineUs))
          : code === 'withdrawn'
            ? words.withdrawn(reason)
            : words.codes[code](groups)}
      </p>
    </li>
  );
}
