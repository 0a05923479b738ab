import type { Groove } from '../api/state.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { text } from '../text/text.ts';

export function GrooveTable({ groove }: { readonly groove: Groove }) {
  const words = useText(text).machines;
  const format = useFormats();
  const skillText = (percent: number | null): string =>
    percent === null ? words.noSkill : format.gain(percent / 100);
  const columns = words.grooveColumns;
  return (
    <div className="groove">
      <p className="quiet">
        <span translate="no">{groove.performance}</span>, {words.grooveBars(groove.barsDone, groove.bars)}
      </p>
      <progress aria-label={words.grooveTitle} value={groove.barsDone} max={Math.max(1, groove.bars)} />
      {/* Scrolls by itself on a phone; focusable, so that the keyboard can scroll it too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className="scroller" aria-label={words.grooveTable} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{columns.node}</th>
              <th scope="col">{columns.forecaster}</th>
              <th scope="col">{columns.committed}</th>
              <th scope="col">{columns.late}</th>
              <th scope="col">{columns.timing}</th>
              <th scope="col">{columns.velocity}</th>
            </tr>
          </thead>
          <tbody>
            {groove.hosts.map((host) => (
              <tr key={`${host.node} ${host.forecaster}`}>
                <th scope="row" translate="no">
                  {host.node}
                </th>
                <td translate="no">{host.forecaster}</td>
                <td className="figure">{format.number(host.committed)}</td>
                <td className="figure">{format.number(host.late)}</td>
                <td className="figure">{skillText(host.timingSkillPercent)}</td>
                <td className="figure">{skillText(host.velocitySkillPercent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="quiet">{words.grooveNote}</p>
    </div>
  );
}
