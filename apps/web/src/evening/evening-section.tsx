import './evening.css';
import { memo } from 'react';
import type { Evening, EveningStep } from '../api/state.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { firstLine, notesPlayed, percentOf, pitchesOf } from './notes.ts';

/** The loop as one system of music between repeat signs: a bar per step, filled note by note as it runs. */
export const EveningSection = memo(function EveningSection({ evening }: { readonly evening: Evening }) {
  const words = useText(text).evening;
  const done = evening.steps.filter((step) => step.state === 'done').length;
  const failed = evening.steps.find((step) => step.state === 'failed');
  return (
    <Section id="evening" mark="A" title={words.title} lede={words.lede}>
      {evening.steps.length === 0 ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <>
          <p className="tempo">
            <strong>{words.states[evening.state]}</strong>
            <span>{words.bars(done, evening.steps.length)}</span>
            {evening.speedUp !== '' && <span lang="en">{evening.speedUp}</span>}
          </p>
          <ol className="system">
            {evening.steps.map((step, index) => (
              <Bar key={step.name} step={step} index={index} />
            ))}
          </ol>
          {failed && (
            <Complaint
              message={words.failed(words.titles[failed.name] ?? failed.title, firstLine(failed.detail))}
            />
          )}
        </>
      )}
      <p className="unseen" aria-live="polite">
        {words.states[evening.state]}. {words.bars(done, evening.steps.length)}.
      </p>
    </Section>
  );
});

function Bar({ step, index }: { readonly step: EveningStep; readonly index: number }) {
  const words = useText(text).evening;
  const format = useFormats();
  const percent = percentOf(step.progress);
  const played = notesPlayed(step.progress, step.state === 'done');
  return (
    <li className={`bar bar-${step.state}`}>
      <div className="staff" aria-hidden="true">
        <span className="bar-number">{index + 1}</span>
        {pitchesOf(index).map((pitch, note) => (
          <span
            // The four notes of a bar keep their places.
            key={`${pitch}-${note.toString()}`}
            className={`note pitch-${pitch} ${note < played ? 'note-played' : ''}`}
          />
        ))}
        {step.state === 'running' && <span className="playhead" style={{ left: `${percent}%` }} />}
      </div>
      <h3>{words.titles[step.name] ?? step.title}</h3>
      <p className="bar-state">
        {words.step[step.state]}
        {step.state === 'running' && ` ${format.percent(percent / 100)}`}
      </p>
      {step.detail !== '' && (
        <p className="bar-detail" lang="en">
          {firstLine(step.detail)}
        </p>
      )}
    </li>
  );
}
