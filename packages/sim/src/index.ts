export { benchRelay, RELAY_LOADS } from './network/bench/bench-relay.ts';
export { benchTable } from './network/bench/bench-report.ts';
export { benchToast } from './network/bench/bench-toast.ts';
export { BENCH_ROW_NAMES } from './network/bench/impairments.ts';
export { DelayQueue } from './network/delay-queue.ts';
export { clickFigures, strokeFigures } from './network/drums/drum-figures.ts';
export { DrumRoom, type Stroke } from './network/drums/drum-room.ts';
export { traceText } from './network/gilbert-elliott.ts';
