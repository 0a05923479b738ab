import { type KeyboardEvent, useMemo, useState } from 'react';
import { audioPath } from '../api/endpoints.ts';
import type { Take, Variant } from '../api/state.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { text } from '../text/text.ts';
import { Loupe } from './loupe.tsx';
import { audibleGaps, gapsOf, jumpFrom, LEAD_SECONDS, loopAround, nextGap, previousGap } from './spans.ts';
import { type PlayerHandle, usePlayer } from './use-player.ts';
import { Waveform } from './waveform.tsx';

/** In the order of the keys 1, 2, 3. */
const VARIANTS: readonly Variant[] = ['heard', 'repaired', 'sent'];

export function TakeView({ take }: { readonly take: Take }) {
  const words = useText(text).takes;
  const format = useFormats();
  const handle = usePlayer(take, VARIANTS.find((variant) => take.variants.includes(variant)) ?? 'heard');
  const gaps = useMemo(() => gapsOf(take.spans, take.sampleRateHz), [take.spans, take.sampleRateHz]);
  const stops = useMemo(() => audibleGaps(gaps), [gaps]);
  const [stop, setStop] = useState<number | null>(null);
  const [soughtSeconds, setSoughtSeconds] = useState<number | null>(null);
  const gap = stop === null ? null : (stops[stop] ?? null);

  const seek = (seconds: number): void => {
    setStop(null);
    setSoughtSeconds(seconds);
    if (handle.looping) handle.setLoop(null);
    handle.seek(seconds);
  };
  const jump = (index: number | null): void => {
    const target = index === null ? undefined : stops[index];
    if (target === undefined) return;
    setStop(index);
    handle.load();
    if (handle.looping) handle.setLoop(loopAround(target, take.seconds));
    else handle.seek(Math.max(0, target.fromSeconds - LEAD_SECONDS));
  };
  const toggleLoop = (): void => {
    if (handle.looping) {
      handle.setLoop(null);
      return;
    }
    const index = stop ?? nextGap(stops, jumpFrom(null, handle.position(), false));
    const target = index === null ? undefined : stops[index];
    if (target === undefined) return;
    setStop(index);
    handle.setLoop(loopAround(target, take.seconds));
  };
  const actions = {
    next: () => jump(nextGap(stops, jumpFrom(gap, handle.position(), handle.looping))),
    previous: () => jump(previousGap(stops, jumpFrom(gap, handle.position(), handle.looping))),
    toggleLoop,
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const variant = VARIANTS[Number(event.key) - 1];
    if (variant !== undefined && take.variants.includes(variant)) handle.choose(variant);
    else if (event.key === 'n') actions.next();
    else if (event.key === 'p') actions.previous();
    else if (event.key === 'l') actions.toggleLoop();
    else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form; this is a player.
    <div className="take" role="group" aria-label={words.heading(take.player, take.from)} onKeyDown={onKey}>
      <Facts take={take} />
      <Waveform take={take} gaps={gaps} handle={handle} onSeek={seek} />
      <Controls take={take} handle={handle} hasGaps={stops.length > 0} actions={actions} />
      {handle.failure !== null && (
        <Complaint message={words.audioFailed(handle.failure)} again={handle.togglePlay} />
      )}
      <p className="quiet" aria-live="polite">
        {gap === null || stop === null
          ? stops.length === 0 && words.noSpans
          : `${words.spanCount(stop + 1, stops.length)}: ${words.span(
              words.fates[gap.fate],
              format.number(gap.fromSeconds, 2),
              format.milliseconds(1000 * (gap.toSeconds - gap.fromSeconds)),
            )} (${words.fateHints[gap.fate]})`}
      </p>
      <Loupe
        handle={handle}
        gaps={gaps}
        // Before anything was touched, the first gap is the thing to look at.
        gap={soughtSeconds === null ? (gap ?? stops[0] ?? null) : gap}
        atSeconds={soughtSeconds ?? 0}
      />
      <p className="quiet keys">{words.keys}</p>
    </div>
  );
}

interface ControlsProps {
  readonly take: Take;
  readonly handle: PlayerHandle;
  readonly hasGaps: boolean;
  readonly actions: {
    readonly next: () => void;
    readonly previous: () => void;
    readonly toggleLoop: () => void;
  };
}

function Controls({ take, handle, hasGaps, actions }: ControlsProps) {
  const words = useText(text).takes;
  return (
    <div className="controls">
      <button
        type="button"
        className="primary play"
        data-playing={handle.playing}
        disabled={handle.status === 'loading' || take.variants.length === 0}
        onClick={handle.togglePlay}
      >
        {handle.status === 'loading' ? words.loading : handle.playing ? words.pause : words.play}
      </button>
      <fieldset className="switch switch-large">
        <legend className="unseen">{words.listenTo}</legend>
        {VARIANTS.map((variant) => (
          <label
            key={variant}
            title={take.variants.includes(variant) ? words.variantHints[variant] : words.variantMissing}
          >
            <input
              type="radio"
              name={`variant-${take.id}`}
              value={variant}
              checked={handle.variant === variant}
              disabled={!take.variants.includes(variant)}
              onChange={() => handle.choose(variant)}
            />
            <span>{words.variants[variant]}</span>
          </label>
        ))}
      </fieldset>
      <div className="jumps">
        <button type="button" disabled={!hasGaps} onClick={actions.previous}>
          {words.previousSpan}
        </button>
        <button type="button" disabled={!hasGaps} onClick={actions.next}>
          {words.nextSpan}
        </button>
        <button type="button" disabled={!hasGaps} aria-pressed={handle.looping} onClick={actions.toggleLoop}>
          {words.loopSpan}
        </button>
      </div>
      <a
        className="download"
        href={audioPath(take.id, handle.variant)}
        download={`${take.id}-${handle.variant}.wav`}
      >
        {words.download}
      </a>
    </div>
  );
}

function Facts({ take }: { readonly take: Take }) {
  const words = useText(text).takes;
  const format = useFormats();
  const rows = [
    [words.facts.packets, format.number(take.packets)],
    [
      words.facts.lost,
      `${format.number(take.lost)} (${format.percent(take.packets > 0 ? take.lost / take.packets : 0)})`,
    ],
    [words.facts.recovered, format.number(take.recovered)],
    [words.facts.concealed, format.number(take.concealed)],
    [words.facts.late, format.number(take.late)],
    [words.facts.delay, `${format.milliseconds(take.delayMsP50)} / ${format.milliseconds(take.delayMsP99)}`],
  ] as const;
  return (
    <dl className="facts facts-row">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
