export {
  burstLoss,
  type GilbertElliott,
  generateTrace,
  meanLoss,
  parseTrace,
  randomLoss,
  traceText,
} from './network/gilbert-elliott.ts';
