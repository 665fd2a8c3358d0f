import { type Location, type Problem } from '../model';

/** What kept a download, an archive or an installation from coming about; becomes a {@link Problem} where it is known what was wanted. */
export class ToolFailure extends Error {
  public constructor(
    message: string,
    /** What to do about it. */
    public readonly remedy: string,
    /** Whether it may go well at the next attempt; a number says after how many milliseconds at the earliest. @default false */
    public readonly transient: boolean | number = false,
  ) {
    super(message);
  }

  /** As a problem. */
  public problem(location: Location, what: string): Problem {
    return { location, message: `${what}: ${this.message}`, remedy: this.remedy };
  }
}

/** The user, or whatever started this, wants it to stop. */
export function interrupted(): ToolFailure {
  return new ToolFailure('it was interrupted', 'Run it again; nothing was left half done.');
}
