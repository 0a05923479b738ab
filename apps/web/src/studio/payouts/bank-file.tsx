import { useAct } from '../../account/use-act.ts';
import { useText } from '../../language/use-text.ts';
import { Outcome } from '../../look/outcome.tsx';
import { saveFile } from '../../look/save-file.ts';
import { payouts } from './payouts-api.ts';
import { payoutsText } from './text.ts';

interface BankFileProps {
  readonly batchId: string;
  /** Where it lies on the studio's machine, right after it was made. */
  readonly place?: string;
}

/** A batch's file, to carry to the bank from wherever this page is open. */
export function BankFile({ batchId, place }: BankFileProps) {
  const words = useText(payoutsText);
  const { isBusy, complaint, act } = useAct();
  const save = async (): Promise<void> => {
    const begun = payouts.file(batchId);
    if (!(await act(begun))) return;
    const file = await begun;
    if (file.ok) saveFile(new Blob([file.value.text], { type: 'application/octet-stream' }), file.value.name);
  };
  return (
    <>
      {place !== undefined && <p className="hash">{words.file(place)}</p>}
      <button type="button" disabled={isBusy} onClick={() => void save()}>
        {words.saveFile}
      </button>
      <Outcome complaint={complaint} />
    </>
  );
}
