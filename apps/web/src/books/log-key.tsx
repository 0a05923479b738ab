import { useEffect, useState } from 'react';
import type { LedgerHead } from '../api/state.ts';
import { useText } from '../language/use-text.ts';
import { type KeyMemory, rememberKey, replaceKey } from './pinned-key.ts';
import { text } from './text.ts';

/** Which log this is, who signs it, and whether that is who signed it last time. */
export function LogKey({ ledger }: { readonly ledger: LedgerHead }) {
  const words = useText(text);
  const [memory, setMemory] = useState<KeyMemory | null>(null);
  useEffect(() => {
    let isCurrent = true;
    setMemory(null);
    if (ledger.vkey !== '')
      void rememberKey(localStorage, ledger.vkey).then((known) => isCurrent && setMemory(known));
    return () => {
      isCurrent = false;
    };
  }, [ledger.vkey]);
  const trust = (): void => {
    replaceKey(localStorage, ledger.vkey);
    setMemory('same');
  };
  return (
    <div className="log-key">
      <dl className="facts facts-row">
        <div>
          <dt>{words.origin}</dt>
          <dd>
            {ledger.origin}, {words.head(ledger.size)}
          </dd>
        </div>
        <div className="wide">
          <dt>{words.key}</dt>
          <dd className="hash">{ledger.vkey}</dd>
        </div>
      </dl>
      {memory !== null && (
        <p className={memory === 'changed' ? 'complaint' : 'quiet'}>
          {words.pinned[memory]}{' '}
          {memory === 'changed' && (
            <button type="button" onClick={trust}>
              {words.trustNew}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
