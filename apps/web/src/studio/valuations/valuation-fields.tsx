import { amountAsTyped } from '../../format/typed-amount.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { FileField } from '../../look/file-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { sha256Of } from '../sha256-of.ts';
import { valuationsText } from './text.ts';

export const EMPTY_VALUATION = {
  id: '',
  value: '',
  units: '',
  dated: '',
  approvedBy: '',
  documentSha256: '',
};
type Draft = typeof EMPTY_VALUATION;

/** A value in dollars as the reader types one. */
export function dollarsExample(locale: string): string {
  return amountAsTyped(2_400_000_000n, locale, 2);
}

/** What a valuation says; its document is hashed here and stays here. */
export function ValuationFields({
  draft,
  write,
}: {
  readonly draft: Draft;
  readonly write: (changed: Partial<Draft>) => void;
}) {
  const words = useText(valuationsText);
  const { locale } = useFormats();
  const field = (name: keyof Draft, label: string, hint: string) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={draft[name]}
      maxLength={256}
      autoComplete="off"
      onText={(text) => write({ [name]: text })}
    />
  );
  return (
    <div className="studio-form">
      {field('id', words.id, words.idHint)}
      {field('value', words.value, words.valueHint(dollarsExample(locale)))}
      {field('units', words.units, words.unitsHint)}
      {field('dated', words.dated, words.datedHint)}
      {field('approvedBy', words.approved, words.approvedHint)}
      <FileField
        label={words.document}
        hint={words.documentHint}
        onFile={(file) => void sha256Of(file).then((documentSha256) => write({ documentSha256 }))}
      />
      {draft.documentSha256 !== '' && <p className="hash">{words.hash(draft.documentSha256)}</p>}
    </div>
  );
}
