import { useState } from 'react';
import { runAudit } from '../api/endpoints.ts';
import type { Audit } from '../api/state.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { text } from './text.ts';

export function AuditView({ audit }: { readonly audit: Audit | null }) {
  const words = useText(text);
  const [running, setRunning] = useState(false);
  const [fresh, setFresh] = useState<Audit | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const shown = fresh ?? audit;
  const run = async (): Promise<void> => {
    setRunning(true);
    const answer = await runAudit();
    setRunning(false);
    setRefusal(answer.ok ? null : answer.message);
    if (answer.ok) setFresh(answer.value);
  };
  return (
    <div className="audit">
      <p>{words.auditLede}</p>
      <button type="button" disabled={running} onClick={() => void run()}>
        {running ? words.auditRunning : words.auditRun}
      </button>
      <div aria-live="polite">
        {refusal !== null && <Complaint message={refusal} again={() => void run()} />}
        {shown === null ? <p className="quiet">{words.auditNone}</p> : <AuditResult audit={shown} />}
      </div>
    </div>
  );
}

function AuditResult({ audit }: { readonly audit: Audit }) {
  const words = useText(text);
  const good = audit.verdict === 'ok';
  return (
    <div className={`proof ${good ? 'proof-holds' : 'proof-fails'}`}>
      <p className="proof-verdict">{good ? words.auditOk : words.auditFailed}</p>
      <p>{audit.witnessed ? words.witnessed : words.unwitnessed}</p>
      <ol className="checks">
        {audit.checks.map((check) => (
          <li key={check.name} className={`check check-${check.ok ? 'ok' : 'failed'}`}>
            <span lang="en">{check.name}</span> <b>{check.ok ? words.stepOk : words.stepFailed}</b>
            {check.detail !== '' && (
              <span className="quiet" lang="en">
                {check.detail}
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
