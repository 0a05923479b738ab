import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { sendRoute } from '../../api/fetch-route.ts';
import { list, record, text as textShape } from '../../api/shape.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { FileField } from '../../look/file-field.tsx';
import { saveFile } from '../../look/save-file.ts';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { objectOf } from '../object-of.ts';
import { capTableText } from './text.ts';

interface OcfFile {
  readonly name: string;
  readonly content: string;
}
const files = list(record<OcfFile>({ name: textShape, content: textShape }));

const EMPTY = { legalName: '', formedOn: '', country: '' };

/** The cap table for download. Real names go through and are kept nowhere, not as a draft either. */
export function CapTableView() {
  const words = useText(capTableText);
  const { draft, write } = useDraft('issuer', EMPTY);
  const [names, setNames] = useState<object | null>(null);
  const [isBad, setBad] = useState(false);
  const [made, setMade] = useState<readonly OcfFile[]>([]);
  const { isBusy, complaint, act } = useAct();
  const make = async () => {
    const issuer = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== ''));
    const body = names === null ? { issuer } : { issuer, names };
    const answer = await sendRoute('POST /api/reports/cap-table', files, body);
    setMade(answer.ok ? answer.value : []);
    return answer;
  };
  const takeNames = async (file: File): Promise<void> => {
    const read = objectOf(await file.text());
    setBad(read === null);
    setNames(read);
  };
  const field = (name: keyof typeof EMPTY, label: string, hint: string, pattern?: string) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={draft[name]}
      maxLength={200}
      {...(pattern === undefined ? {} : { pattern })}
      autoComplete="off"
      isOptional
      onText={(text) => write({ [name]: text })}
    />
  );
  return (
    <>
      <p className="lede">{words.lede}</p>
      <form
        className="studio-card"
        onSubmit={(event) => {
          event.preventDefault();
          void act(make());
        }}
      >
        <h3>{words.issuer}</h3>
        <div className="studio-form">
          {field('legalName', words.legalName, words.legalNameHint)}
          {field('formedOn', words.formedOn, words.formedOnHint, '[0-9]{4}-[0-9]{2}-[0-9]{2}')}
          {field('country', words.country, words.countryHint, '[A-Z]{2}')}
          <FileField
            label={words.names}
            hint={words.namesHint}
            accept=".json,application/json"
            onFile={(file) => void takeNames(file)}
          />
          {names !== null && <p>{words.withNames(Object.keys(names).length)}</p>}
        </div>
        {isBad && <Complaint message={words.badNames} />}
        {complaint !== null && <Complaint message={complaint} />}
        <button type="submit" disabled={isBusy}>
          {words.make}
        </button>
      </form>
      {made.length > 0 && <Made files={made} />}
    </>
  );
}

function Made({ files: made }: { readonly files: readonly OcfFile[] }) {
  const words = useText(capTableText);
  const save = ({ name, content }: OcfFile): void =>
    saveFile(new Blob([content], { type: 'application/json' }), name);
  return (
    <div role="status" className="proof" data-part="cap-table">
      <p>{words.made}</p>
      <div className="studio-acts">
        {made.map((file) => (
          <button key={file.name} type="button" onClick={() => save(file)}>
            {words.save(file.name)}
          </button>
        ))}
        <button type="button" className="primary" onClick={() => made.forEach(save)}>
          {words.saveAll}
        </button>
      </div>
    </div>
  );
}
