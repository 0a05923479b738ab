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
  /** The form can do without it. */
  readonly isOptional?: boolean;
}

/** A line of text, one that the form cannot do without if nobody says else: what it is above it, what to write below it. */
export function TextField({ label, hint, onText, isOptional = false, ...input }: TextFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input {...input} onChange={(event) => onText(event.target.value)} required={!isOptional} />
      <small className="quiet">{hint}</small>
    </label>
  );
}
