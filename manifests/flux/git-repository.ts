import { type ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { type GitAddress } from '../../src/model';
import { GitRepository as GitRepositoryResource, GitRepositorySpecProvider } from '../imports/source.toolkit.fluxcd.io';

const PROVIDERS: Readonly<Record<GitAddress['provider'], GitRepositorySpecProvider>> = {
  azure: GitRepositorySpecProvider.AZURE,
  github: GitRepositorySpecProvider.GITHUB,
  generic: GitRepositorySpecProvider.GENERIC,
};

export interface GitRepositoryProps {
  /** Name, namespace, labels. */
  readonly metadata: ApiObjectMetadata;
  /** Where the repository is, and how Flux authenticates. */
  readonly address: GitAddress;
  /** Branch, without `refs/heads/`. */
  readonly branch: string;
  /** Flux duration between two polls. @default 1m */
  readonly interval?: string;
  /** Whether Flux stops polling. @default false */
  readonly suspend?: boolean;
}

/** A Git repository that Flux's source-controller polls. */
export class GitRepository extends Construct {
  public constructor(scope: Construct, id: string, props: GitRepositoryProps) {
    super(scope, id);
    const { address } = props;
    new GitRepositoryResource(this, 'Resource', {
      metadata: props.metadata,
      spec: {
        interval: props.interval ?? '1m',
        provider: PROVIDERS[address.provider],
        url: address.url,
        ref: { branch: props.branch },
        secretRef: address.secretName === undefined ? undefined : { name: address.secretName },
        suspend: props.suspend === true ? true : undefined,
      },
    });
  }
}
