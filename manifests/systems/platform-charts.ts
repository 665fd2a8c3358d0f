import { Construct } from 'constructs';
import { type PlatformCharts as Props } from '../../src/model';
import { GitRepository } from '../flux/git-repository';
import { platformMetadata } from '../labels';

/** The shared chart source, registered once per environment. */
export class PlatformCharts extends Construct {
  public constructor(scope: Construct, id: string, { git, branch, interval, gitRepository }: Props) {
    super(scope, id);
    new GitRepository(this, 'Source', { metadata: platformMetadata(gitRepository), address: git, branch, interval });
  }
}
