import { pause, type ToolResult } from '../tools';
import { UNAUTHORIZED } from './explain-failure';
import { type ToolCall } from './tool-call';

/** How long to wait for roles that were assigned just now: Azure takes minutes to spread them. */
export interface AccessWaitOptions {
  /** Time from the first refusal, in milliseconds. */
  readonly milliseconds: number;
  /** Time between two attempts, in milliseconds. @default 15000 */
  readonly intervalMilliseconds?: number;
  /** Host of the registry whose refusals are waited for. @default - only those of Key Vault are */
  readonly registry?: string;
  readonly signal: AbortSignal;
  /** Tells progress. */
  readonly tell: (line: string) => void;
  /** A clock in milliseconds. @default - that of the process */
  readonly now?: () => number;
}

const DEFAULT_INTERVAL_MILLISECONDS = 15_000;

/** How often it is told that somebody waits. */
const TELLING_MILLISECONDS = 60_000;

const KEY_VAULT_REFUSES = /Forbidden|\b403\b|does not have .*permission/i;

/** A firewall stays as it is, however long one waits. */
const STAYS_REFUSED = /ForbiddenByFirewall|ForbiddenByConnection/;

/** Waits while access is denied, each kind of call until it went through once: a refusal after that is meant. */
export class AccessWait {
  private readonly letThrough = new Set<string>();
  private readonly now: () => number;
  private end: number | undefined;
  private told = -Infinity;

  public constructor(private readonly options: AccessWaitOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** Whether to call again; then it has waited already. */
  public async repeats(call: ToolCall, result: ToolResult): Promise<boolean> {
    const { milliseconds, intervalMilliseconds = DEFAULT_INTERVAL_MILLISECONDS, signal, tell } = this.options;
    const kind = `${call.tool} ${call.args[0] ?? ''}`;
    if (result.code === 0) this.letThrough.add(kind);
    if (!this.isRefused(call, result)) return false;
    const now = this.now();
    this.end ??= now + milliseconds;
    const left = this.end - now;
    if (left <= 0 || this.letThrough.has(kind) || signal.aborted) return false;
    if (now - this.told >= TELLING_MILLISECONDS) {
      this.told = now;
      tell(`access is denied (${kind}); trying again for up to ${Math.round(left / 1000)} s`);
    }
    await pause(Math.min(intervalMilliseconds, left), signal);
    return !signal.aborted;
  }

  private isRefused({ tool, args }: ToolCall, { code, stderr }: ToolResult): boolean {
    if (code === 0 || code === undefined || STAYS_REFUSED.test(stderr)) return false;
    const usesKeyVault = tool === 'cosign' && args.some((arg) => arg.startsWith('azurekms://'));
    const { registry } = this.options;
    // Upstream registries refuse too; nobody has assigned roles there.
    const isOfRegistry = registry !== undefined && stderr.includes(registry);
    return (usesKeyVault && KEY_VAULT_REFUSES.test(stderr)) || (isOfRegistry && UNAUTHORIZED.test(stderr));
  }
}
