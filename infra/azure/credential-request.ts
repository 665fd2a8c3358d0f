/** A federated credential to ask another team for. */
export interface RequestedFederatedCredential {
  readonly identity: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** The command with which those who may make it. */
export function credentialRequestText({ identity, name, issuer, subject, audience }: RequestedFederatedCredential): string {
  return `az identity federated-credential create --identity-name ${identity} --name ${name} --issuer ${issuer} --subject ${subject} --audiences ${audience}`;
}
