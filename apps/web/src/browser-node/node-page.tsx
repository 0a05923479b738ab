import { useEffect, useRef, useState } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { PageTop } from '../look/page-top.tsx';
import { type PageNodeView, startPageNode } from './page-node.ts';
import { text } from './text.ts';

/** Off until the visitor turns it on; says what it does while it does it. */
export function NodePage() {
  const words = useText(text);
  const [view, setView] = useState<PageNodeView | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    document.title = `JAMNet: ${words.title}`;
  }, [words]);
  const start = (): void => {
    const control = new AbortController();
    running.current = control;
    startPageNode(control.signal, (next) => {
      if (!control.signal.aborted) setView(next);
    });
  };
  const stop = (): void => {
    running.current?.abort();
    setView(null);
  };
  return (
    <>
      <PageTop title={words.title} />
      <main id="main" tabIndex={-1} className="tab-node">
        <p className="lede">{words.lede}</p>
        <p>
          <button type="button" className="tab-node-switch" onClick={view === null ? start : stop}>
            {view === null ? words.start : words.stop}
          </button>
        </p>
        {view === null ? <p role="status">{words.off}</p> : <Running view={view} />}
      </main>
      <footer>
        <p>
          <a href="/">{words.home}</a>
        </p>
      </footer>
    </>
  );
}

function Running({ view }: { readonly view: PageNodeView }) {
  const words = useText(text);
  const format = useFormats();
  const { tasks, workUnits, running, kinds, lastVerdict, payee, fault } = view;
  const figures = [
    [tasks.sent, words.sent],
    [tasks.accepted, words.accepted],
    [tasks.refused, words.refused],
    [BigInt(workUnits.accepted), words.units],
  ] as const;
  return (
    <>
      <p role="status" className={`tab-node-state tab-node-${view.state}`}>
        {fault === null ? (
          words.states[view.state]
        ) : (
          <>
            {words.fault} <span lang="en">{fault}</span>
          </>
        )}
      </p>
      {running.map(({ slot, kind }) => (
        <p key={slot}>
          {words.running} <span translate="no">{kind}</span>
        </p>
      ))}
      <dl className="tab-node-figures">
        {figures.map(([value, name]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{format.number(value)}</dd>
          </div>
        ))}
      </dl>
      {lastVerdict !== null && (
        <p>
          {words.last} <span lang="en">{lastVerdict}</span>
        </p>
      )}
      {kinds.length > 0 && (
        <p className="quiet">
          {words.takes} <span translate="no">{kinds.join(', ')}</span>
        </p>
      )}
      <p className="quiet">
        {words.paid} <code>{payee}</code>, {words.paidHint}
      </p>
    </>
  );
}
