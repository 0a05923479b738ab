import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addGrooveCandidates } from './groove-candidates.ts';
import { addGrooveClick } from './groove-click.ts';
import { addGrooveForecast } from './groove-forecast.ts';
import { addGrooveLost } from './groove-lost.ts';
import { addGrooveOnnx } from './groove-onnx.ts';
import { addGrooveApply, addGrooveProfile, addGrooveProfileGain } from './groove-profile.ts';
import { addGrooveRelease } from './groove-release.ts';
import { addGrooveRoom } from './groove-room.ts';
import { addGrooveRound } from './groove-round.ts';
import { addGrooveScore } from './groove-score.ts';
import { addGrooveTrain } from './groove-train.ts';

export function addGrooveCommand(program: Command, context: CommandContext): void {
  const groove = program
    .command('groove')
    .description(
      'forecast drummers, score forecasts, train forecasters on MIDI files and release the better ones',
    );
  groove.addHelpText(
    'after',
    '\nExamples:\n  jamnet groove score --midi ./takes --tier bar --json\n  jamnet groove forecast --midi take.mid --out take.jsonl\n  jamnet groove train --midi ./groove --split train --out my.model\n  jamnet groove profile --midi take.mid --out take.groove.json --svg take.svg',
  );
  addGrooveScore(groove, context);
  addGrooveForecast(groove, context);
  addGrooveTrain(groove, context);
  addGrooveRound(groove, context);
  addGrooveCandidates(groove, context);
  addGrooveRelease(groove, context);
  addGrooveOnnx(groove, context);
  addGrooveProfile(groove, context);
  addGrooveApply(groove, context);
  addGrooveProfileGain(groove, context);
  addGrooveClick(groove, context);
  addGrooveLost(groove, context);
  addGrooveRoom(groove, context);
}
