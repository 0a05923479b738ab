import { useAct } from '../account/use-act.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { curation, type Release, type ReleaseVerdict } from './curate-api.ts';
import { text } from './text.ts';
import { VerdictForm } from './verdict-form.tsx';

/** Released models with what was measured, for curators to approve or to object to. */
export function ReleasesView({ canJudge }: { readonly canJudge: boolean }) {
  const words = useText(text).releases;
  const { asked, again } = useAnswer(curation.releases);
  const { isBusy, complaint, act } = useAct();
  const decide = async (version: number, verdict: ReleaseVerdict, reason: string): Promise<void> => {
    await act(curation.judgeRelease(version, verdict, reason));
    again();
  };
  return (
    <section className="curate-part" aria-labelledby="releases">
      <h3 id="releases">{words.title}</h3>
      <p className="quiet">{words.lede}</p>
      {complaint !== null && <Complaint message={complaint} />}
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && asked.value.releases.length === 0 && <Empty>{words.none}</Empty>}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.releases.map((release) => (
            <ReleaseRow
              key={release.version}
              release={release}
              canJudge={canJudge}
              isBusy={isBusy}
              onDecide={(verdict, reason) => void decide(release.version, verdict, reason)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface ReleaseRowProps {
  readonly release: Release;
  readonly canJudge: boolean;
  readonly isBusy: boolean;
  readonly onDecide: (verdict: ReleaseVerdict, reason: string) => void;
}

function ReleaseRow({ release, canJudge, isBusy, onDecide }: ReleaseRowProps) {
  const words = useText(text).releases;
  const format = useFormats();
  const { version, kind, model, releasedAtUs, isCurrent, own, state, reasons } = release;
  const isJudged = kind === 'release';
  return (
    <li data-release={version}>
      <div className="row-head">
        <b>
          {words.version(version)} {isCurrent && <span className="scribble">{words.current}</span>}
        </b>
        <span className="quiet">
          {model}, {format.moment(Number(BigInt(releasedAtUs) / 1000n))}
        </span>
      </div>
      <p>{gainText(release, words, (ppm) => format.percent(Number(ppm) / 1e6))}</p>
      {isJudged && (
        <p>
          <b>{words.states[state]}</b>: {words.groups(release.approvingGroups, release.objectingGroups)}
        </p>
      )}
      {reasons.length > 0 && (
        <ul className="reasons">
          {reasons.map(({ verdict, reason }) => (
            <li key={`${verdict} ${reason}`}>
              <b>{words.said[verdict]}:</b> {reason}
            </li>
          ))}
        </ul>
      )}
      {own !== null && <p className="quiet">{words.own[own.verdict]}</p>}
      {canJudge && isJudged && own === null && (
        <VerdictForm
          choices={[
            ['approved', words.approve],
            ['objected', words.object],
          ]}
          isBusy={isBusy}
          onDecide={onDecide}
        />
      )}
    </li>
  );
}

function gainText(
  { kind, gainPpm, gainLowerPpm }: Release,
  words: (typeof text)['en']['releases'],
  percent: (ppm: string) => string,
): string {
  if (kind === 'rollback') return words.rollback;
  return gainPpm === null || gainLowerPpm === null
    ? words.first
    : words.gain(percent(gainPpm), percent(gainLowerPpm));
}
