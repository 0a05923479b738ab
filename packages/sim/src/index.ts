export { type BenchReport as ToastBenchReport, benchToast } from './network/bench/bench-toast.ts';
export { traceText } from './network/gilbert-elliott.ts';
