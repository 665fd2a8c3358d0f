import { fetchManifests, type PublishedManifests } from './published-manifests';
import { type Answer, type Registry } from './registry';

/** What the operator publishes, fetched when it is first needed. */
export class ManifestsSource {
  private fetched: Promise<Answer<PublishedManifests>> | undefined;

  /**
   * @param registry where they are fetched
   * @param operator version of the operator that publishes them
   * @param flux version of Flux whose definitions are needed
   * @param given those of a folder
   */
  public constructor(
    private readonly registry: Registry,
    private readonly operator: string,
    private readonly flux: string,
    private readonly given?: PublishedManifests,
  ) {}

  /** Whether they are at hand without a network. */
  public get isGiven(): boolean {
    return this.given !== undefined;
  }

  public get(): Promise<Answer<PublishedManifests>> {
    if (this.given !== undefined) return Promise.resolve({ value: this.given });
    this.fetched ??= fetchManifests(this.registry, this.operator, this.flux);
    return this.fetched;
  }
}
