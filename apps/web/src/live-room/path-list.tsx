import { PATH_KINDS } from './messages.ts';
import type { PathTry } from './room-client.ts';
import { roomText } from './text.ts';

const words = roomText.paths;

/** Which ways were tried, in their order, which one carries the sound and why the others do not. */
export function PathList({ tries }: { readonly tries: readonly PathTry[] }) {
  return (
    <section className="paths" aria-label={words.title}>
      <h3>{words.title}</h3>
      <ol>
        {PATH_KINDS.map((kind, index) => {
          const found = tries.find((each) => each.kind === kind);
          return (
            <li
              key={kind}
              className={`path path-${found?.state ?? 'unused'}`}
              data-path={kind}
              data-state={found?.state ?? 'unused'}
            >
              <b>{words.names[kind]}</b> <span className="quiet">{words.order[index]}</span>
              {found !== undefined && (
                <span className="path-state">
                  {found.state === 'failed' ? words.failed(found.reason) : words[found.state]}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
