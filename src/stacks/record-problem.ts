import { type Problem } from '../model';

/** A record that the model refused. */
interface RefusedRecord {
  readonly stack: string;
  /** Path of the recorded file, relative to the platform folder. */
  readonly file: string;
  /** Where the outputs are from. */
  readonly origin: string;
}

/** A problem of a file that was not written: its lines are nobody's, and recording again is what was just tried. */
export function unrecordable({ location, message, remedy }: Problem, { stack, file, origin }: RefusedRecord): Problem {
  if (location.file !== file) return { location, message, remedy };
  const places = new RegExp(` ?\\(?(?:(?:reader|writer) at )?${file.replaceAll('.', '\\.')}:\\d+:\\d+\\)?`, 'g');
  return {
    location: { file },
    message: `cannot be recorded from ${origin}: ${message.replace(places, '')}`,
    remedy: `${withoutRecording(remedy, stack)} Nothing was written.`,
  };
}

/** What is recorded is the stack's, which has to be mended instead. */
function withoutRecording(remedy: string, stack: string): string {
  const up = `run \`pulumi up --refresh --stack ${stack}\``;
  if (/^Record\b/.test(remedy)) {
    return `The stack has it so: look at it with \`pulumi stack output --json --stack ${stack}\`, and ${up}.`;
  }
  return remedy.replace(/\brecord the outputs again\b/, up);
}
