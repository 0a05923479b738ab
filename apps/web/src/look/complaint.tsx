import { text } from '../text/text.ts';

/** Something failed: what, what to do, and a button that tries once more. */
export function Complaint({ message, again }: { readonly message: string; readonly again?: () => void }) {
  return (
    <div className="complaint" role="alert">
      <p>{message}</p>
      {again && (
        <button type="button" onClick={again}>
          {text.errors.again}
        </button>
      )}
    </div>
  );
}
