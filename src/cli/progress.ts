import { type Terminal } from './terminal';

/** Shorter work is over before anybody wonders. */
const PATIENCE_MILLISECONDS = 1000;

/** Tells what is being done once the work takes longer than a second. */
export class Progress {
  private readonly begin = performance.now();

  public constructor(private readonly terminal: Terminal) {}

  public step(what: string): void {
    if (performance.now() - this.begin > PATIENCE_MILLISECONDS) this.terminal.tell(`… ${what}`);
  }

  /** Time since the beginning, in seconds. */
  public seconds(): string {
    return ((performance.now() - this.begin) / 1000).toFixed(1);
  }
}
