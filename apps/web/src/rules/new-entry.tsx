import { useState } from 'react';
import { useText } from '../language/use-text.ts';
import { rulesText } from './text.ts';

interface NewEntryProps {
  /** Of a key. */
  readonly pattern: string;
  readonly taken: readonly string[];
  readonly onKey: (key: string) => void;
}

/** The key of one more meter, product, perk or document. */
export function NewEntry({ pattern, taken, onKey }: NewEntryProps) {
  const text = useText(rulesText);
  const [key, setKey] = useState('');
  const isGood = new RegExp(pattern).test(key) && !taken.includes(key);
  return (
    <div className="rules-new">
      <label className="field">
        <span>{text.newKey}</span>
        <input
          maxLength={63}
          autoComplete="off"
          spellCheck={false}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <small className="quiet">{text.keyHint}</small>
      </label>
      <button
        type="button"
        disabled={!isGood}
        onClick={() => {
          setKey('');
          onKey(key);
        }}
      >
        {text.add}
      </button>
    </div>
  );
}
