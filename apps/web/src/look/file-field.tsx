interface FileFieldProps {
  readonly label: string;
  readonly hint: string;
  /** As of `<input accept>`. */
  readonly accept?: string;
  readonly onFile: (file: File) => void;
}

/** A file from this device. */
export function FileField({ label, hint, accept, onFile }: FileFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="file"
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          // The same file, changed meanwhile, can be chosen again.
          event.target.value = '';
        }}
      />
      <small className="quiet">{hint}</small>
    </label>
  );
}
