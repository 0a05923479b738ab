export { benchTable } from './network/bench/bench-report.ts';
export { type BenchOptions as ToastBenchOptions, benchToast } from './network/bench/bench-toast.ts';
export { traceText } from './network/gilbert-elliott.ts';
