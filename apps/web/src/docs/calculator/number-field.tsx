import type { ChangeEvent } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  /** In a table whose heads say what it is: the label is read, not seen. */
  readonly isBare?: boolean;
}

/** A whole number, typed. */
export function NumberField({ label, value, onText, isBare = false }: NumberFieldProps) {
  const input = {
    type: 'text',
    inputMode: 'numeric',
    autoComplete: 'off',
    value,
    onChange: (event: ChangeEvent<HTMLInputElement>) => onText(event.target.value),
  } as const;
  if (isBare) return <input {...input} aria-label={label} />;
  return (
    <label>
      <span>{label}</span>
      <input {...input} />
    </label>
  );
}
