interface SelectFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onText: (value: string) => void;
}

/** One of several: what it is above it, what it is for below it. */
export function SelectField({ name, label, hint, value, choices, onText }: SelectFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select name={name} value={value} onChange={(event) => onText(event.target.value)}>
        {choices.map(([each, shown]) => (
          <option key={each} value={each}>
            {shown}
          </option>
        ))}
      </select>
      {hint !== undefined && <small className="quiet">{hint}</small>}
    </label>
  );
}
