import type { Result } from '@jamnet/base';
import { useCallback, useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Outcome } from '../../look/outcome.tsx';
import { CheckList } from './check-list.tsx';
import { Holds } from './holds.tsx';
import { JudgeForm } from './judge-form.tsx';
import { payees } from './payees-api.ts';
import { PersonalData } from './personal-data.tsx';
import { payeesText } from './text.ts';

/** Does something to the file, says so, and shows the file as it is then. */
export type ActOnFile = (begun: Promise<Result<unknown>>, said: string) => Promise<boolean>;

/** One payee: checks, holds, and what may be done with the sealed data. */
export function PayeeFile({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const words = useText(payeesText);
  const { asked, again } = useAnswer(useCallback(() => payees.one(name), [name]));
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const actOnFile: ActOnFile = async (begun, text) => {
    setSaid(null);
    const isDone = await act(begun);
    if (isDone) setSaid(text);
    again();
    return isDone;
  };
  return (
    <>
      <button type="button" onClick={onClose}>
        {words.close}
      </button>
      <h3 className="hash">{name}</h3>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      <Outcome complaint={complaint} said={said} />
      {asked.status === 'answered' && (
        <>
          <p data-may-be-paid={asked.value.mayBePaid}>
            <span className="tape">{asked.value.mayBePaid ? words.may : words.mayNot}</span> {asked.value.why}
          </p>
          <CheckList payee={asked.value} />
          <JudgeForm name={name} isBusy={isBusy} act={actOnFile} />
          <Holds payee={asked.value} isBusy={isBusy} act={actOnFile} />
          <PersonalData payee={asked.value} isBusy={isBusy} act={actOnFile} />
        </>
      )}
    </>
  );
}
