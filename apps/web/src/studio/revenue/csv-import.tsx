import { revenueCsvColumns } from '@jamnet/economy/page';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { FileField } from '../../look/file-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { type Checked, CheckedReceipts } from './checked-receipts.tsx';
import { EMPTY_MAPPING, mappingFor, readMapped } from './mapping.ts';
import { MappingFields } from './mapping-fields.tsx';
import { type Products, sendReceipts } from './revenue-api.ts';
import { revenueText } from './text.ts';

/** A file of receipts: chosen, its columns named, tried out, taken in. The file and the columns outlive a reload. */
export function CsvImport({ products }: { readonly products: Products }) {
  const words = useText(revenueText).file;
  const file = useDraft('revenue-file', { name: '', text: '' });
  const mapping = useDraft('revenue-mapping', EMPTY_MAPPING);
  const [checked, setChecked] = useState<Checked | null>(null);
  const { isBusy, complaint, act } = useAct();
  const columns = file.draft.text === '' ? null : revenueCsvColumns(file.draft.text);
  const choose = async (chosen: File): Promise<void> => {
    const text = await chosen.text();
    file.write({ name: chosen.name, text });
    const found = revenueCsvColumns(text);
    mapping.write(mappingFor(found.ok ? found.value : []));
    setChecked(null);
  };
  const check = async (): Promise<{ ok: boolean; message?: string }> => {
    const read = readMapped(file.draft.text, mapping.draft);
    if (!read.ok) return read;
    if (read.value.faults.length > 0) {
      setChecked({ read: read.value, added: null });
      return { ok: true };
    }
    const sent = await sendReceipts(read.value.receipts, true, () => undefined);
    setChecked(sent.ok ? { read: read.value, added: sent.value.added } : null);
    return sent;
  };
  return (
    <div className="studio-card" data-part="csv">
      <h3>{words.title}</h3>
      <FileField
        label={words.choose}
        hint={words.hint}
        accept=".csv,text/csv,text/plain"
        onFile={(chosen) => void choose(chosen)}
      />
      {columns?.ok === false && <Complaint message={columns.message} />}
      {columns?.ok && (
        <form
          className="studio-form"
          onSubmit={(event) => {
            event.preventDefault();
            void act(check());
          }}
        >
          <p>{words.chosen(file.draft.name)}</p>
          <MappingFields
            columns={columns.value}
            products={products}
            mapping={mapping.draft}
            onMapping={(changed) => {
              mapping.write(changed);
              setChecked(null);
            }}
          />
          {complaint !== null && <Complaint message={complaint} />}
          <button type="submit" disabled={isBusy}>
            {isBusy ? words.checking : words.check}
          </button>
        </form>
      )}
      {checked !== null && (
        <CheckedReceipts
          checked={checked}
          onTaken={() => {
            file.clear();
            setChecked(null);
          }}
        />
      )}
    </div>
  );
}
