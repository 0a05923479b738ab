import { saveFile } from '../../look/save-file.ts';
import { lookAtTakes, setRecording } from './archive-door.ts';
import type { FromRecorder } from './recorder-messages.ts';
import { type RecorderThread, Recordings, type RecordingsParts } from './recordings.ts';

/** Recordings over this page's workers, timers and studio. */
export function pageRecordings(
  engine: Pick<RecordingsParts, 'startEngine' | 'endEngine'>,
  changed: () => void,
): Recordings {
  const parts: RecordingsParts = {
    ...engine,
    thread: openThread,
    look: lookAtTakes,
    setRecording,
    every: (ms, act) => {
      const timer = setInterval(act, ms);
      return () => clearInterval(timer);
    },
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    save: saveFile,
  };
  return new Recordings(parts, changed);
}

function openThread(): RecorderThread {
  const worker = new Worker(new URL('./recorder-worker.ts', import.meta.url), { type: 'module' });
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    listen: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<FromRecorder>) => listener(data);
      worker.onerror = () => listener({ type: 'unwritten', code: 'page-outdated', message: '' });
    },
  };
}
