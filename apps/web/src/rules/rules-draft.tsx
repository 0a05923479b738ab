import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { FileField } from '../look/file-field.tsx';
import { documentOf, readPolicy } from './read-policy.ts';
import { RulesForm } from './rules-form.tsx';
import { rulesText } from './text.ts';
import { usePolicyComplaint } from './use-policy-complaint.ts';

interface RulesDraftProps {
  /** The document as JSON; empty where nobody has begun. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly inForce: object | null;
  /** What to begin with, and what the button for it says. */
  readonly start: { readonly document: object; readonly label: string };
}

/** Rules that somebody writes: begun with others or with a file, then field by field; what is not right yet is said. */
export function RulesDraft({ text, onText, inForce, start }: RulesDraftProps) {
  const words = useText(rulesText);
  const complaint = usePolicyComplaint(text);
  const document = documentOf(text);
  const write = (next: object): void => onText(JSON.stringify(next, null, 2));
  return (
    <>
      <div className="studio-acts">
        <button type="button" onClick={() => write(start.document)}>
          {start.label}
        </button>
      </div>
      <FileField
        label={words.fromFile}
        hint={words.fileHint}
        accept=".json,application/json"
        onFile={(file) => void file.text().then(onText)}
      />
      {document !== null && <RulesForm document={document} inForce={inForce} onDocument={write} />}
      {complaint !== null && <Complaint message={complaint} />}
      {text !== '' && readPolicy(text).ok && <p role="status">{words.good}</p>}
    </>
  );
}
