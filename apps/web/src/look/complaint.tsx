import { useText } from '../language/use-text.ts';
import { text } from './text.ts';

/** Something failed: what, what to do, and a button that tries once more. */
export function Complaint({ message, again }: { readonly message: string; readonly again?: () => void }) {
  const words = useText(text);
  return (
    <div className="complaint" role="alert">
      <p>{message}</p>
      {again && (
        <button type="button" onClick={again}>
          {words.again}
        </button>
      )}
    </div>
  );
}
