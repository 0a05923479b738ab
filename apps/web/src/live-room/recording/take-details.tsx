import { useCallback } from 'react';
import { type Board, useCanvas } from '../../look/use-canvas.ts';
import { drawOverview, LANE_HEIGHT, WAVE_HEIGHT } from '../../takes/draw-waveform.ts';
import type { ExportFormat } from './recorder-messages.ts';
import { recordingText as words } from './recording-text.ts';
import type { TakePicture, TrackPicture } from './take-picture.ts';

const FATES = ['recovered', 'concealed', 'late'] as const;

export interface TakeDetailsProps {
  readonly picture: TakePicture;
  /** Hands one track as a file, or with `jdat` the whole take. */
  readonly save: (track: number, format: ExportFormat) => void;
}

/** The tracks of a take beside each other, with what the network did to them. */
export function TakeDetails({ picture, save }: TakeDetailsProps) {
  return (
    <div className="take-details">
      {picture.tracks.map((track) => (
        <Track key={track.track} track={track} seconds={picture.seconds} save={save} />
      ))}
      <div className="desk-buttons">
        <button type="button" title={words.jdatHint} onClick={() => save(0, 'jdat')}>
          {words.downloadJdat}
        </button>
      </div>
    </div>
  );
}

function Track({
  track,
  seconds,
  save,
}: {
  readonly track: TrackPicture;
  readonly seconds: number;
  readonly save: TakeDetailsProps['save'];
}) {
  const { peaks, gaps, packets } = track;
  const lanes = FATES.filter((fate) => packets[fate] > 0);
  const laneKey = lanes.join();
  const draw = useCallback(
    (board: Board) =>
      drawOverview(
        board,
        peaks,
        gaps,
        FATES.filter((fate) => laneKey.includes(fate)),
        seconds,
      ),
    [peaks, gaps, laneKey, seconds],
  );
  const canvasRef = useCanvas(draw);
  const name = words.trackName(track.from, words.track[track.role]);
  return (
    <figure className="take-track" data-track={track.track} data-role={track.role} data-from={track.from}>
      <figcaption>{name}</figcaption>
      <div className="wave-board" style={{ height: `${WAVE_HEIGHT + lanes.length * LANE_HEIGHT}px` }}>
        <canvas ref={canvasRef} role="img" aria-label={words.wave(name, gaps.length)} />
      </div>
      {track.role === 'heard' && lanes.length === 0 && <p className="quiet">{words.whole}</p>}
      <ul className="track-fates">
        {lanes.map((fate) => (
          <li key={fate}>
            <i className={`dot fate-${fate}`} /> {words.fates[fate]}: {words.packets(packets[fate])}
          </li>
        ))}
      </ul>
      <div className="desk-buttons">
        {(['wav', 'flac'] as const).map((format) => (
          <button
            key={format}
            type="button"
            aria-label={`${name}, ${format.toUpperCase()}`}
            onClick={() => save(track.track, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
    </figure>
  );
}
