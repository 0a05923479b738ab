import { useState } from 'react';
import { useText } from '../../language/use-text.ts';
import { Confirm } from '../../look/confirm.tsx';
import { FileField } from '../../look/file-field.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { sha256Of } from '../sha256-of.ts';
import type { ActOnFile } from './payee-file.tsx';
import { CHECKS, type Check, type Judgement, NAME_CHECKS, payees } from './payees-api.ts';
import { payeesText } from './text.ts';

interface JudgeFormProps {
  readonly name: string;
  readonly isBusy: boolean;
  readonly act: ActOnFile;
}

/** Decides one check; rejecting asks once. */
export function JudgeForm({ name, isBusy, act }: JudgeFormProps) {
  const words = useText(payeesText);
  const [check, setCheck] = useState<Check>('identity');
  const [nameCheck, setNameCheck] = useState<(typeof NAME_CHECKS)[number]>('match');
  const [evidence, setEvidence] = useState('');
  const [isRejecting, setRejecting] = useState(false);
  const judge = (verdict: Judgement['verdict']): void => {
    setRejecting(false);
    const seen = evidence === '' ? {} : { evidence };
    const told = check === 'bank' && verdict === 'verified' ? { nameCheck } : {};
    void act(payees.judge(name, { check, verdict, ...seen, ...told }), words.done).then(
      (isDone) => isDone && setEvidence(''),
    );
  };
  return (
    <div className="studio-card" data-part="judge">
      <h4>{words.judge}</h4>
      <div className="studio-form">
        <SelectField
          name="check"
          label={words.check}
          value={check}
          choices={CHECKS.map((each) => [each, words.names[each]] as const)}
          onText={(chosen) => setCheck(CHECKS.find((each) => each === chosen) ?? 'identity')}
        />
        {check === 'bank' && (
          <SelectField
            name="name-check"
            label={words.nameCheck}
            hint={words.nameCheckHint}
            value={nameCheck}
            choices={NAME_CHECKS.map((each) => [each, words.nameChecks[each]] as const)}
            onText={(chosen) => setNameCheck(NAME_CHECKS.find((each) => each === chosen) ?? 'match')}
          />
        )}
        <FileField
          label={words.document}
          hint={words.documentHint}
          onFile={(file) => void sha256Of(file).then(setEvidence)}
        />
        {evidence !== '' && <p className="hash">{words.hash(evidence)}</p>}
      </div>
      <div className="studio-acts">
        <button type="button" className="primary" disabled={isBusy} onClick={() => judge('verified')}>
          {words.verify}
        </button>
        <button type="button" disabled={isBusy} onClick={() => setRejecting(true)}>
          {words.reject}
        </button>
      </div>
      {isRejecting && (
        <Confirm
          title={words.sureReject}
          totals={[
            [words.find, name],
            [words.check, words.names[check]],
          ]}
          act={words.reject}
          isBusy={isBusy}
          onAct={() => judge('rejected')}
          onLeave={() => setRejecting(false)}
        >
          <p>{words.sureRejectWhy}</p>
        </Confirm>
      )}
    </div>
  );
}
