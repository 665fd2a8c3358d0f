import { type Organization, type Platform } from '../../src/model';
import { type Effects } from '../stack-program';

/** What the program of the stack `organization` is made from. */
export interface OrganizationContext {
  readonly platform: Platform;
  readonly organization: Organization;
  readonly effects: Pick<Effects, 'info' | 'request' | 'warn'>;
}
