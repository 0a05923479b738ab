import { type FormEvent, useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { type Claim, type ClaimPlan, code } from './code-api.ts';
import { signersLine, signingCommands } from './signing-commands.ts';
import { text } from './text.ts';

interface ClaimStepsProps {
  readonly claim: Claim;
  readonly plan: ClaimPlan;
  readonly onDone: () => void;
}

/** What is left to do: have the key known, sign or commit the challenge, and hand it in. */
export function ClaimSteps({ claim, plan, onDone }: ClaimStepsProps) {
  const words = useText(text).claims;
  const [signature, setSignature] = useState('');
  const { isBusy, complaint, act } = useAct();
  const { challenge, namespace, way, repositories, files } = plan;
  const isCommitted = way === 'committed';
  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const handedIn = isCommitted ? null : `${signature.trim()}\n`;
    if (await act(code.enter(claim, handedIn))) onDone();
  };
  const commands = signingCommands(challenge, namespace);
  return (
    <form onSubmit={(event) => void enter(event)}>
      <ol className="code-steps">
        {!isCommitted && (
          <li>
            <KeyStep claim={claim} plan={plan} />
          </li>
        )}
        <li>
          {isCommitted ? (
            <>
              <p>{words.commit(files[0] ?? '', repositories[0] ?? '')}</p>
              <Copied name={words.challenge} content={challenge} />
            </>
          ) : (
            <>
              <p>{words.sign}</p>
              <Copied name={words.ssh} content={commands.ssh} />
              <details>
                <summary>{words.withGpg}</summary>
                <Copied name={words.gpg} content={commands.gpg} />
              </details>
            </>
          )}
        </li>
        <li>
          {isCommitted ? (
            <p>{words.lookHint}</p>
          ) : (
            <label className="field wide">
              <span>{words.signature}</span>
              <textarea
                name="signature"
                value={signature}
                rows={8}
                maxLength={16_000}
                spellCheck={false}
                autoComplete="off"
                required={true}
                onChange={(event) => setSignature(event.target.value)}
              />
              <small className="quiet">{words.signatureHint}</small>
            </label>
          )}
          {complaint !== null && <Complaint message={complaint} />}
          <button type="submit" className="primary" disabled={isBusy}>
            {isBusy ? words.checking : words.acts[claim.kind]}
          </button>
        </li>
      </ol>
    </form>
  );
}

/** Where the studio looks for the key, so that it is there. */
function KeyStep({ claim, plan }: { readonly claim: Claim; readonly plan: ClaimPlan }) {
  const words = useText(text).claims;
  const { way, repositories, files, keysAddresses, namespace } = plan;
  if (way === 'account')
    return (
      <>
        <p>{words.account}</p>
        <ul>
          {keysAddresses.map((address) => (
            <li key={address}>
              <code className="hash">{address}</code>
            </li>
          ))}
        </ul>
      </>
    );
  const email = 'email' in claim ? claim.email : '';
  return (
    <>
      <p>{words.listed(files[0] ?? '', files[1] ?? '')}</p>
      <ul>
        {repositories.map((repository) => (
          <li key={repository} translate="no">
            {repository}
          </li>
        ))}
      </ul>
      <Copied name={words.line} content={signersLine(email, namespace)} />
    </>
  );
}

/** Text that is taken elsewhere, with the button that takes it. */
function Copied({ name, content }: { readonly name: string; readonly content: string }) {
  const words = useText(text).claims;
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <section className="code-copy" tabIndex={0} aria-label={name} translate="no">
        <pre>{content}</pre>
      </section>
      <button
        type="button"
        className="plain"
        onClick={() => void navigator.clipboard.writeText(content).then(() => setCopied(true))}
      >
        {isCopied ? words.copied : words.copy}
        <span className="unseen"> {name}</span>
      </button>
    </>
  );
}
