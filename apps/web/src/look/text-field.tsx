import type { InputHTMLAttributes } from 'react';

interface TextFieldProps
  extends Pick<
    InputHTMLAttributes<HTMLInputElement>,
    'maxLength' | 'pattern' | 'autoComplete' | 'title' | 'spellCheck'
  > {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** A line of text that a form cannot do without: what it is above it, what to write below it. */
export function TextField({ label, hint, onText, ...input }: TextFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input {...input} onChange={(event) => onText(event.target.value)} required />
      <small className="quiet">{hint}</small>
    </label>
  );
}
