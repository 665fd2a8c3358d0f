import { type z } from 'zod';
import { type Problem } from '../../model';
import { azureCli, azureCommandLine, type AzureCliFailure, type AzureCliOptions } from '../azure-cli';

/** What a look at Azure found: the data, that there is nothing, or why it could not be seen. */
export type Sight<T> = { readonly found: T } | { readonly absent: true } | AzureCliFailure;

/** Calls of `az` on one subscription, each look done once. */
export class AzureSession {
  private readonly looks = new Map<string, ReturnType<typeof azureCli>>();

  public constructor(private readonly options: AzureCliOptions & { readonly subscription: string }) {}

  public get signal(): AbortSignal | undefined {
    return this.options.signal;
  }

  public get subscription(): string {
    return this.options.subscription;
  }

  /** Looks at something; an answer of another shape than expected is a problem. */
  public async look<T>(args: readonly string[], shape: z.ZodType<T>): Promise<Sight<T>> {
    return readSight(args, await this.ask(args, this.options), shape);
  }

  /** {@link look} for the few commands that know no subscription. */
  public async lookAcross<T>(args: readonly string[], shape: z.ZodType<T>): Promise<Sight<T>> {
    const { environment, signal } = this.options;
    return readSight(args, await this.ask(args, { environment, ...(signal === undefined ? {} : { signal }) }), shape);
  }

  /** Changes something, or does what must not be answered from an earlier look. */
  public async run(args: readonly string[]): Promise<AzureCliFailure | undefined> {
    const answer = await azureCli(args, this.options);
    return 'problem' in answer ? answer : undefined;
  }

  /** The call as people would type it. */
  public commandLine(args: readonly string[]): string {
    return azureCommandLine(args, this.options);
  }

  private ask(args: readonly string[], options: AzureCliOptions): ReturnType<typeof azureCli> {
    const key = JSON.stringify([args, options.subscription]);
    const earlier = this.looks.get(key);
    if (earlier !== undefined) return earlier;
    const answer = azureCli(args, options);
    this.looks.set(key, answer);
    return answer;
  }
}

function readSight<T>(args: readonly string[], answer: Awaited<ReturnType<typeof azureCli>>, shape: z.ZodType<T>): Sight<T> {
  if ('problem' in answer) return answer.reason === 'not-found' ? { absent: true } : answer;
  const read = shape.safeParse(answer.value);
  if (read.success) return { found: read.data };
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the answer' : `'${issue.path.join('.')}'`;
  return {
    reason: 'unreadable',
    problem: {
      location: { file: 'az' },
      message: `\`${azureCommandLine(args)}\` answered what is not understood: ${where} is not as expected`,
      remedy: 'Bring the Azure CLI up to date with `az upgrade`, then run it again.',
    },
  };
}

/** A problem of `az` with what it is about as its place. */
export const about = (what: string, { message, remedy }: Problem): Problem => ({ location: { file: what }, message, remedy });
