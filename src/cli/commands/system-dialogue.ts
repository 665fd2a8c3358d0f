import { createInterface, type Interface } from 'node:readline/promises';
import { unusableText, type Choice } from '../../onboarding';
import { type Terminal } from '../terminal';

/** Whoever was asked ended the dialogue, by Ctrl-C or Ctrl-D. */
export class Stopped extends Error {}

/** Questions on a terminal, one after the other. */
export class Dialogue {
  private readonly reader: Interface;
  private readonly lines: AsyncIterator<string>;
  private readonly signal: AbortSignal;
  private readonly stopped: Promise<IteratorResult<string>>;

  public constructor(private readonly terminal: Terminal) {
    // The terminal itself echoes and lets people correct a line, and turns Ctrl-C into a signal.
    this.reader = createInterface({ input: terminal.input!, terminal: false });
    this.lines = this.reader[Symbol.asyncIterator]();
    this.signal = terminal.interruption();
    this.stopped = new Promise((resolve) => {
      const stop = (): void => {
        resolve({ done: true, value: undefined });
      };
      if (this.signal.aborted) stop();
      else this.signal.addEventListener('abort', stop, { once: true });
    });
  }

  /**
   * A line without the space around it; asks again for one that no file can hold, such as after an arrow key.
   *
   * @throws Stopped
   */
  public async ask(prompt: string): Promise<string> {
    for (;;) {
      const line = await this.nextLine(`${prompt} `);
      const broken = unusableText(line);
      if (broken === undefined) return line;
      this.terminal.tell(`  → That cannot be written: ${broken}. Type it again, without arrow keys.`);
    }
  }

  private async nextLine(prompt: string): Promise<string> {
    if (this.signal.aborted) throw new Stopped();
    this.terminal.prompt(prompt);
    const line = await Promise.race([this.stopped, this.lines.next()]);
    if (line.done !== true) return line.value.trim();
    this.terminal.tell('');
    throw new Stopped();
  }

  /** Shows what there is to choose from. */
  public showChoices(choices: readonly Choice[]): void {
    const width = Math.max(...choices.map(({ value }) => value.length));
    for (const { value, meaning } of choices) this.terminal.tell(`  ${value.padEnd(width)}  ${meaning}`);
  }

  /** Gives the terminal back. */
  public close(): void {
    this.reader.close();
  }
}

/** Runs a dialogue; `undefined` when whoever was asked ended it. */
export async function converse<Result>(
  terminal: Terminal,
  talk: (dialogue: Dialogue) => Promise<Result>,
): Promise<Result | undefined> {
  const dialogue = new Dialogue(terminal);
  try {
    return await talk(dialogue);
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  } finally {
    dialogue.close();
  }
}
