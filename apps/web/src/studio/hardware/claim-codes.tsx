import { useText } from '../../language/use-text.ts';
import { saveFile } from '../../look/save-file.ts';
import type { Placed } from './hardware-api.ts';
import { hardwareText } from './text.ts';

/** Codes that are told once, to copy or to keep as a file. */
export function ClaimCodes({ placed, sentence }: { readonly placed: Placed; readonly sentence: string }) {
  const words = useText(hardwareText);
  const { order, codes } = placed;
  return (
    <div role="status" className="proof" data-part="claim-codes">
      <p>{sentence}</p>
      <ul>
        {codes.map((code) => (
          <li key={code} className="hash">
            {code}
          </li>
        ))}
      </ul>
      {codes.length > 0 && (
        <button
          type="button"
          onClick={() =>
            saveFile(new Blob([`${order}\n${codes.join('\n')}\n`], { type: 'text/plain' }), 'claim-codes.txt')
          }
        >
          {words.save}
        </button>
      )}
    </div>
  );
}
