import { useCallback, useState } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Confirm } from '../../look/confirm.tsx';
import { epochs, type Preview, type UnclosedEpoch } from './epochs-api.ts';
import { PreviewTable, previewTotals } from './preview-table.tsx';
import { epochsText } from './text.ts';

/** Steps of a close that the studio tells of. */
const STEPS = 9;
/** Later than any month: the end of a sample epoch, which closes when told to. */
const SAMPLE_END_US = 9_223_372_036_854_775_807n;

interface EpochCardProps {
  readonly epoch: UnclosedEpoch;
  readonly canAct: boolean;
  readonly isBusy: boolean;
  readonly onClose: () => void;
}

/** One epoch: what its close needs, what it would pay, and the close itself. */
export function EpochCard({ epoch, canAct, isBusy, onClose }: EpochCardProps) {
  const words = useText(epochsText);
  const format = useFormats();
  const [isAsking, setAsking] = useState(false);
  const tryOut = useCallback(() => epochs.preview(epoch.id), [epoch.id]);
  const { asked, again } = useAnswer(tryOut);
  const isSample = BigInt(epoch.endUs) === SAMPLE_END_US;
  const endMs = Number(BigInt(epoch.endUs) / 1000n);
  const isOver = isSample || endMs <= Date.now();
  const preview = asked.status === 'answered' ? asked.value : null;
  const mayClose = canAct && isOver && epoch.unfiledCode.length === 0 && preview !== null;
  return (
    <article className="studio-card" data-epoch={epoch.id}>
      <h3>
        {epoch.id} <span className="tape">{words.states[epoch.state]}</span>
      </h3>
      {!isSample && <p className="quiet">{words.runs(format.day(endMs))}</p>}
      {epoch.closing && (
        <div role="status">
          <p>{words.closing(epoch.closing.done.length, STEPS)}</p>
          <progress aria-label={words.close(epoch.id)} max={STEPS} value={epoch.closing.done.length} />
          <p className="quiet">{words.leave}</p>
        </div>
      )}
      <h4>{words.checks}</h4>
      <ul className="checks">
        <Check
          state={isOver ? 'ok' : 'failed'}
          name={words.isOver}
          why={isSample ? words.overAtOnce : words.notOver(format.day(endMs))}
        />
        <Check
          state={epoch.unfiledCode.length === 0 ? 'ok' : 'failed'}
          name={words.codeFiled}
          why={
            epoch.unfiledCode.length === 0
              ? words.codeNone
              : words.codeUnfiled(format.list(epoch.unfiledCode), epoch.id)
          }
        />
        <Check
          state={asked.status === 'answered' ? 'ok' : asked.status === 'asking' ? 'skipped' : 'failed'}
          name={words.decides}
          why={
            asked.status === 'refused'
              ? asked.message
              : asked.status === 'asking'
                ? words.trying
                : words.decided
          }
        />
      </ul>
      {preview !== null && <PreviewTable preview={preview} />}
      <div className="studio-acts">
        <button type="button" disabled={isBusy} onClick={again}>
          {words.again}
        </button>
        {canAct && (
          <button
            type="button"
            className="primary"
            disabled={!mayClose || isBusy || epoch.closing !== null}
            onClick={() => setAsking(true)}
          >
            {words.close(epoch.id)}
          </button>
        )}
      </div>
      {isAsking && preview !== null && (
        <CloseQuestion
          id={epoch.id}
          preview={preview}
          onClose={() => {
            setAsking(false);
            onClose();
          }}
          onLeave={() => setAsking(false)}
        />
      )}
    </article>
  );
}

function CloseQuestion({
  id,
  preview,
  onClose,
  onLeave,
}: {
  readonly id: string;
  readonly preview: Preview;
  readonly onClose: () => void;
  readonly onLeave: () => void;
}) {
  const words = useText(epochsText);
  const format = useFormats();
  return (
    <Confirm
      title={words.sure(id)}
      totals={previewTotals(preview, words, format)}
      act={words.close(id)}
      isBusy={false}
      onAct={onClose}
      onLeave={onLeave}
    >
      <p>{words.sureWhy}</p>
    </Confirm>
  );
}

function Check({
  state,
  name,
  why,
}: {
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly name: string;
  readonly why: string;
}) {
  return (
    <li className={`check check-${state}`}>
      <b>{name}</b>
      <span className="quiet">{why}</span>
    </li>
  );
}
