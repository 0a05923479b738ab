import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import type { ProofReport } from './check-proof.ts';
import { text } from './text.ts';

/** What was checked, step by step, and the climb from the leaf to the signed root. */
export function ProofView({
  index,
  report,
  size,
}: {
  readonly index: number;
  readonly report: ProofReport;
  readonly size: number;
}) {
  const words = useText(text);
  const format = useFormats();
  const outcomes = { ok: words.stepOk, failed: words.stepFailed, skipped: words.stepSkipped };
  return (
    <div
      className={`proof ${report.holds ? 'proof-holds' : 'proof-fails'}`}
      data-verdict={report.holds ? 'holds' : 'fails'}
    >
      <p className="proof-verdict">
        {report.holds ? words.proofHolds(index, format.number(size)) : words.proofFails(index)}
      </p>
      <ol className="checks">
        {report.steps.map((step) => (
          <li key={step.name} className={`check check-${step.outcome}`}>
            <span>{words.proofSteps[step.name]}</span> <b>{outcomes[step.outcome]}</b>
            {step.detail !== '' && <span className="hash quiet">{step.detail}</span>}
          </li>
        ))}
      </ol>
      <details>
        <summary>{words.proofPath(report.path.length)}</summary>
        <ol className="path">
          {report.path.map((hash) => (
            <li key={hash} className="hash">
              {hash}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
