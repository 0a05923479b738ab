import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onnxModel } from '@jamnet/groove';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { chosenModel } from '../groove/chosen-model.ts';

interface Options {
  model: string;
  out: string;
  json?: boolean;
}

export function addGrooveOnnx(groove: Command, context: CommandContext): void {
  groove
    .command('onnx')
    .description("write a model's networks as ONNX files, one for each: rows of features in, raw outputs out")
    .option('--model <name>', 'groove-1, the released model; or the file of a model of your own', 'groove-1')
    .requiredOption('--out <dir>', 'where the files go: <model>.<horizon>.<number>.onnx')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet groove onnx --out ./onnx')
    .action((options: Options) => {
      const model = chosenModel(options.model);
      mkdirSync(options.out, { recursive: true });
      const files = (['bar', 'hit'] as const).flatMap((horizon) =>
        model[horizon].map((network, index) => {
          const file = join(options.out, `${model.id}.${horizon}.${index + 1}.onnx`);
          writeFileSync(file, onnxModel(network, `${model.id}.${horizon}.${index + 1}`));
          return file;
        }),
      );
      print(context, options.json, { model: model.id, files }, () => files.join('\n'));
    });
}
