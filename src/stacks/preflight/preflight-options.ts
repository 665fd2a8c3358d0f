import { type IdentityRole } from '../../../manifests/builders';
import { type Patience } from '../patience';
import { type PreflightCheck } from './preflight-check';

/** Object ids of the identities' service principals. */
export type Principals = Readonly<Partial<Record<IdentityRole, string>>>;

/** What a pre-flight is told besides the model. */
export interface PreflightOptions {
  /** Environment variables, by which Git and the Azure CLI sign in, and proxies and certificates are named. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Object ids that a stack just learned. @default - those of `outputs/<environment>.yaml` */
  readonly principals?: Principals;
  /** Stops the work early. @default - nothing does */
  readonly signal?: AbortSignal;
  /** Tells what is looked at. @default - nobody is told */
  readonly onStep?: (what: string) => void;
  /** How long to look again at what is missing, which somebody may be mending. @default - one look */
  readonly patience?: Patience;
  /** Tells what is missing and looked at again, each time that it is something else. @default - nobody is told */
  readonly onMissing?: (missing: readonly PreflightCheck[]) => void;
  /** Where Azure DevOps Graph answers. @default https://vssps.dev.azure.com */
  readonly graphAddress?: string;
  /** Longest time of one call of Git, in milliseconds. @default 60000 */
  readonly gitMilliseconds?: number;
  /** Longest time of one request, in milliseconds. @default 20000 */
  readonly requestMilliseconds?: number;
}
