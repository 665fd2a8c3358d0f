import { type Terminal } from './terminal';

/** Shorter work is over before anybody wonders. */
const PATIENCE_MILLISECONDS = 1000;

/** Tells what is being done once the work takes longer than a second. */
export class Progress {
  private readonly begin: number;

  public constructor(private readonly terminal: Terminal) {
    this.begin = terminal.now();
  }

  public step(what: string): void {
    if (this.terminal.now() - this.begin > PATIENCE_MILLISECONDS) this.terminal.tell(`… ${what}`);
  }

  /** Time since the beginning, in seconds. */
  public seconds(): string {
    return ((this.terminal.now() - this.begin) / 1000).toFixed(1);
  }
}
