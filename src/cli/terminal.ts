import { styleText } from 'node:util';
import { formatLocation, type Problem } from '../model';

/** A stream that text is written to. */
export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A stream that answers are read from. */
export type Reader = NodeJS.ReadableStream & { readonly isTTY?: boolean };

type Style = Parameters<typeof styleText>[0];

/** Where a run prints, and what it knows of its surroundings. */
export interface Surroundings {
  readonly out: Writer;
  readonly err: Writer;
  /** Where people type. @default - nobody can be asked */
  readonly input?: Reader;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A clock in milliseconds, by which progress is told. */
  readonly now: () => number;
  /** The date, by which exceptions expire and databases age. */
  readonly date: () => Date;
  /** Called by long work: from then on a signal that ends the process aborts the work instead, which then tidies up. */
  readonly interruption: () => AbortSignal;
}

/** What a command prints on: results on `out`, problems and progress on `err`. */
export class Terminal {
  private readonly out: Writer;
  private readonly err: Writer;
  public readonly environment: Surroundings['environment'];
  public readonly now: Surroundings['now'];
  public readonly date: Surroundings['date'];
  public readonly interruption: Surroundings['interruption'];

  public constructor(private readonly surroundings: Surroundings) {
    const { out, err, environment, now, date, interruption } = surroundings;
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.now = now;
    this.date = date;
    this.interruption = interruption;
  }

  /** A line of the result. */
  public print(line = ''): void {
    this.out.write(`${line}\n`);
  }

  /** A line about the work: a problem, progress. */
  public tell(line: string): void {
    this.err.write(`${line}\n`);
  }

  /** Whether there is somebody who reads a question and can answer it. */
  public get canAsk(): boolean {
    return this.err.isTTY === true && this.input?.isTTY === true;
  }

  /** Where answers are typed. */
  public get input(): Reader | undefined {
    return this.surroundings.input;
  }

  /** A question, behind which the answer is typed. */
  public prompt(text: string): void {
    this.err.write(text);
  }

  /** Data for machines: JSON with two spaces, on `out`. */
  public json(data: unknown): void {
    this.print(JSON.stringify(data, undefined, 2));
  }

  /** Styled where `out` is a terminal that shows colours. */
  public style(style: Style, text: string): string {
    return this.colours(this.out) ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Problems, each with its place, what is wrong and what to do. */
  public tellProblems(problems: readonly Problem[]): void {
    const styled = (style: Style, text: string): string =>
      this.colours(this.err) ? styleText(style, text, { validateStream: false }) : text;
    for (const { location, message, remedy } of problems) {
      this.tell(`${styled('bold', formatLocation(location))} ${styled('red', 'error:')} ${message}`);
      this.tell(`  ${styled('cyan', '→')} ${remedy}`);
    }
  }

  /** Notes on the result. */
  public printNotes(notes: readonly Problem[]): void {
    for (const { location, message, remedy } of notes) {
      this.print(`  ${this.style('bold', formatLocation(location))} ${message}`);
      this.print(`    ${this.style('cyan', '→')} ${remedy}`);
    }
  }

  /** Columns as wide as their widest cell; the first row is the head. */
  public printTable(rows: readonly (readonly string[])[]): void {
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    for (const [index, row] of rows.entries()) {
      const line = row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd(); // prettier-ignore
      this.print(index === 0 ? this.style('bold', line) : line);
    }
  }

  private colours({ isTTY }: Writer): boolean {
    const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = this.environment;
    if (force !== undefined) return force !== '0' && force !== 'false';
    return isTTY === true && term !== 'dumb' && (no === undefined || no === '');
  }
}
