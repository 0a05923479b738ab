export { fileChunks, readTakeFile, type TakeFileContent } from './read-take-file.ts';
export { TakeFile } from './take-file.ts';
export { WavFile } from './wav-file.ts';
