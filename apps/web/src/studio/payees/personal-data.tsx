import { refuse } from '@jamnet/base';
import { useState } from 'react';
import { useText } from '../../language/use-text.ts';
import { Confirm } from '../../look/confirm.tsx';
import { FileField } from '../../look/file-field.tsx';
import { saveFile } from '../../look/save-file.ts';
import { objectOf } from '../object-of.ts';
import type { ActOnFile } from './payee-file.tsx';
import { CHECKS, type Payee, payees } from './payees-api.ts';
import { payeesText } from './text.ts';

interface PersonalDataProps {
  readonly payee: Payee;
  readonly isBusy: boolean;
  readonly act: ActOnFile;
}

/** The sealed data: taken in, handed out whole, or destroyed; never shown, never kept by the page. */
export function PersonalData({ payee, isBusy, act }: PersonalDataProps) {
  const words = useText(payeesText);
  const [isErasing, setErasing] = useState(false);
  const { payee: name } = payee;
  const takeIn = async (file: File) => {
    const document = objectOf(await file.text());
    return document === null ? refuse('request-invalid', words.badJson) : payees.hand(name, document);
  };
  const handOut = async () => {
    const answer = await payees.export(name);
    if (answer.ok) {
      const text = JSON.stringify(answer.value, null, 2);
      saveFile(new Blob([text], { type: 'application/json' }), `${name}.json`);
    }
    return answer;
  };
  const verified = CHECKS.filter((check) => payee.checks[check].state === 'verified').length;
  return (
    <div className="studio-card" data-part="personal">
      <FileField
        label={words.take}
        hint={words.takeHint}
        accept=".json,application/json"
        onFile={(file) => void act(takeIn(file), words.done)}
      />
      <div className="studio-acts">
        <button type="button" disabled={isBusy} onClick={() => void act(handOut(), words.exported)}>
          {words.export}
        </button>
        <button type="button" disabled={isBusy} onClick={() => setErasing(true)}>
          {words.erase}
        </button>
      </div>
      {isErasing && (
        <Confirm
          title={words.sureErase}
          totals={[
            [words.find, name],
            [words.checksLost, `${verified}`],
            [words.holdsStay, `${payee.holds.length}`],
          ]}
          act={words.erase}
          isBusy={isBusy}
          onAct={() => {
            setErasing(false);
            void act(payees.erase(name), words.erased);
          }}
          onLeave={() => setErasing(false)}
        >
          <p>{words.sureEraseWhy}</p>
        </Confirm>
      )}
    </div>
  );
}
