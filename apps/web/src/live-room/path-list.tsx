import { useText } from '../language/use-text.ts';
import type { PathKind } from './messages.ts';
import { pathText } from './paths/text.ts';
import type { PathTry } from './room-client.ts';

/** In the order in which they are tried. */
const WAYS: readonly { readonly kind: PathKind; readonly name: string; readonly place: Place }[] = [
  { kind: 'webtransport', name: 'WebTransport', place: 'first' },
  { kind: 'data-channel', name: 'DataChannel', place: 'second' },
  { kind: 'websocket', name: 'WebSocket', place: 'third' },
];
type Place = 'first' | 'second' | 'third';

/** Which ways were tried, in their order, which one carries the sound and why the others do not. */
export function PathList({ tries }: { readonly tries: readonly PathTry[] }) {
  const words = useText(pathText);
  return (
    <section className="paths" aria-label={words.title}>
      <h3>{words.title}</h3>
      <ol>
        {WAYS.map(({ kind, name, place }) => {
          const found = tries.find((each) => each.kind === kind);
          return (
            <li
              key={kind}
              className={`path path-${found?.state ?? 'unused'}`}
              data-path={kind}
              data-state={found?.state ?? 'unused'}
            >
              <b translate="no">{name}</b> <span className="quiet">{words.order[place]}</span>
              {found !== undefined && (
                <span className="path-state">
                  {words[found.state]} {found.state === 'failed' && <Fault reason={found.reason} />}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** In the language of the page; what the browser itself says stays as it is. */
function Fault({ reason }: { readonly reason: string }) {
  const { faults } = useText(pathText);
  return faults[reason] ?? <span lang="en">{reason}</span>;
}
