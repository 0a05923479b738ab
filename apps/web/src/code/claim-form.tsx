import { type FormEvent, useState } from 'react';
import { useAct } from '../account/use-act.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { SelectField } from '../look/select-field.tsx';
import { TextField } from '../look/text-field.tsx';
import { ClaimSteps } from './claim-steps.tsx';
import { type Claim, type ClaimPlan, code } from './code-api.ts';
import { text } from './text.ts';

type What = 'email' | 'packages';

interface ClaimFormProps {
  readonly kind: Claim['kind'];
  /** Of a release: the packages that are let go of; null: an address, which the studio does not keep. */
  readonly packages: string | null;
  readonly onDone: () => void;
  readonly onLeave?: () => void;
}

/** Says what is claimed or let go of, is told what to sign, and hands in the signature. */
export function ClaimForm({ kind, packages, onDone, onLeave }: ClaimFormProps) {
  const words = useText(text).claims;
  const [what, setWhat] = useState<What>(packages === null ? 'email' : 'packages');
  const [name, setName] = useState(packages ?? '');
  const [asked, setAsked] = useState<{ readonly claim: Claim; readonly plan: ClaimPlan } | null>(null);
  const { isBusy, complaint, act } = useAct();
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const trimmed = name.trim();
    const claim: Claim = what === 'email' ? { kind, email: trimmed } : { kind, packages: trimmed };
    setAsked(null);
    await act(
      code.plan(claim).then((answer) => {
        if (answer.ok) setAsked({ claim, plan: answer.value });
        return answer;
      }),
    );
  };
  const write = (written: string): void => {
    setName(written);
    // What was to be signed named something else.
    setAsked(null);
  };
  const fields = words.fields[what];
  return (
    <div className="studio-card" data-part={kind}>
      <h3>{words.titles[kind]}</h3>
      <p className="quiet">{words.ledes[kind]}</p>
      <form className="studio-form" onSubmit={(event) => void ask(event)}>
        {kind === 'claim' && (
          <SelectField
            name="what"
            label={words.what}
            value={what}
            choices={[
              ['email', words.whats.email],
              ['packages', words.whats.packages],
            ]}
            onText={(chosen) => {
              setWhat(chosen === 'packages' ? 'packages' : 'email');
              write('');
            }}
          />
        )}
        <TextField
          name="name"
          label={fields.label}
          hint={fields.hint}
          value={name}
          maxLength={320}
          autoComplete="off"
          spellCheck={false}
          onText={write}
        />
        {complaint !== null && <Complaint message={complaint} />}
        <div className="studio-acts">
          <button type="submit" disabled={isBusy}>
            {words.show}
          </button>
          {onLeave !== undefined && (
            <button type="button" className="plain" onClick={onLeave}>
              {words.leave}
            </button>
          )}
        </div>
      </form>
      {asked !== null && <ClaimSteps key={asked.plan.challenge} {...asked} onDone={onDone} />}
    </div>
  );
}
