import { useEffect, useReducer } from 'react';
import { LIVE_AT_START, type Live, reduceLive } from './live-reducer.ts';

/** EventSource gives up on its own after an HTTP error; then we open a new one this much later. */
const REOPEN_MS = 2_000;

/** The studio's state as it changes, over server-sent events. */
export function useLiveState(): Live {
  const [live, dispatch] = useReducer(reduceLive, LIVE_AT_START);
  useEffect(() => {
    let source: EventSource | null = null;
    let reopen: ReturnType<typeof setTimeout> | undefined;
    let seen = false;
    let closed = false;

    const take = (body: string): void => {
      seen = true;
      dispatch({ type: 'message', body });
    };
    const open = (): void => {
      source = new EventSource('/api/events');
      source.addEventListener('open', () => dispatch({ type: 'opened' }));
      source.addEventListener('state', (event) => take(String(event.data)));
      source.addEventListener('error', () => {
        dispatch({ type: 'broken' });
        if (source?.readyState === EventSource.CLOSED) reopen = setTimeout(open, REOPEN_MS);
      });
    };
    open();
    // The stream speaks on change; this fills the page at once, unless the stream was faster.
    fetch('/api/state')
      .then((response) => (response.ok ? response.text() : null))
      .then((body) => {
        if (body !== null && !seen && !closed) take(body);
      })
      .catch(() => dispatch({ type: 'broken' }));

    return () => {
      closed = true;
      clearTimeout(reopen);
      source?.close();
    };
  }, []);
  return live;
}
