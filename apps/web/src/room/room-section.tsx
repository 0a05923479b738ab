import './room.css';
import { memo } from 'react';
import type { Peer } from '../api/state.ts';
import { stageMetres } from '../format/numbers.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty, Section } from '../look/section.tsx';
import { text } from '../text/text.ts';
import { DELAY_SCALE_MS, scalePercent } from './delay-scale.ts';

export const RoomSection = memo(function RoomSection({ peers }: { readonly peers: readonly Peer[] }) {
  const words = useText(text).room;
  return (
    <Section id="room" mark="B" title={words.title} lede={words.lede}>
      {peers.length === 0 ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <ul className="strips">
          {peers.map((peer) => (
            <Strip key={peer.id} peer={peer} />
          ))}
        </ul>
      )}
    </Section>
  );
});

function Strip({ peer }: { readonly peer: Peer }) {
  const words = useText(text).room;
  const format = useFormats();
  return (
    <li className="strip">
      <h3>
        <span className="scribble" translate="no">
          {peer.name}
        </span>{' '}
        <span className="strip-hears">{words.hears(peer.hearing)}</span>
      </h3>
      <p className="quiet">{words.inRoom(peer.room)}</p>
      <p className="reading">
        <strong>{format.milliseconds(peer.delayMsP50)}</strong>
        <span>
          {words.p50}; {words.metres(format.number(stageMetres(peer.delayMsP50), 1))}
        </span>
      </p>
      <DelayScale p50={peer.delayMsP50} p99={peer.delayMsP99} />
      <dl className="facts">
        <div>
          <dt>{words.p99}</dt>
          <dd>{format.milliseconds(peer.delayMsP99)}</dd>
        </div>
        <div>
          <dt>{words.buffer}</dt>
          <dd>{format.milliseconds(peer.bufferMs)}</dd>
        </div>
      </dl>
      <Losses peer={peer} />
    </li>
  );
}

/** A fader's scale, 0 to 100 ms: the range from the half to the last hundredth, as a bar on it. */
function DelayScale({ p50, p99 }: { readonly p50: number; readonly p99: number }) {
  const from = scalePercent(p50);
  const to = Math.max(from + 1, scalePercent(p99));
  return (
    <div className="scale" aria-hidden="true">
      <div className="scale-track">
        <span className="scale-range" style={{ left: `${from}%`, width: `${Math.min(100, to) - from}%` }} />
        <span className="scale-knob" style={{ left: `${from}%` }} />
      </div>
      <div className="scale-ticks">
        {DELAY_SCALE_MS.map((tick) => (
          <span key={tick} style={{ left: `${scalePercent(tick)}%` }}>
            {tick}
          </span>
        ))}
      </div>
    </div>
  );
}

function Losses({ peer }: { readonly peer: Peer }) {
  const words = useText(text).room;
  const format = useFormats();
  const packets = words.packets(peer.packets);
  if (peer.lost === 0) {
    return (
      <p className="losses-head">
        {packets}, {words.noneLost}
      </p>
    );
  }
  const unfilled = Math.max(0, peer.lost - peer.recovered - peer.concealed);
  return (
    <div className="losses">
      <p className="losses-head">
        {packets},{' '}
        {words.lost(
          format.number(peer.lost),
          format.percent(peer.packets > 0 ? peer.lost / peer.packets : 0),
        )}
      </p>
      <div className="losses-bar" aria-hidden="true">
        <span className="fate-recovered" style={{ flexGrow: peer.recovered }} />
        <span className="fate-concealed" style={{ flexGrow: peer.concealed }} />
        <span className="fate-lost" style={{ flexGrow: unfilled }} />
      </div>
      <ul className="legend">
        <li>
          <i className="dot fate-recovered" />
          {words.recovered(format.number(peer.recovered))}
        </li>
        <li>
          <i className="dot fate-concealed" />
          {words.concealed(format.number(peer.concealed))}
        </li>
        {unfilled > 0 && (
          <li>
            <i className="dot fate-lost" />
            {words.unfilled(format.number(unfilled))}
          </li>
        )}
      </ul>
    </div>
  );
}
