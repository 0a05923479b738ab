export { type BenchReport as ToastBenchReport, benchToast } from './network/bench/bench-toast.ts';
export { parseTrace, traceText } from './network/gilbert-elliott.ts';
