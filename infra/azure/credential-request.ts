import { shellLine } from './shell-word';

/** A federated credential to ask another team for. */
export interface RequestedFederatedCredential {
  readonly identity: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** The command with which those who may make it. */
export function credentialRequestText(request: RequestedFederatedCredential): string {
  const { identity, resourceGroup, subscriptionId, name, issuer, subject, audience } = request;
  const where = ['--identity-name', identity, '--resource-group', resourceGroup, '--subscription', subscriptionId];
  const content = ['--name', name, '--issuer', issuer, '--subject', subject, '--audiences', audience];
  return shellLine('az', 'identity', 'federated-credential', 'create', ...where, ...content);
}
