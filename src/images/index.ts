/** The supply chain of images and charts: the only way into this room. */
export { STEPS, type ArtifactResult, type Step, type StepResult, type StepState } from './artifact-result';
export { type ChainMode } from './chain';
export { copyDatabases, type DatabaseResult } from './copy-databases';
export { lastWords } from './explain-failure';
export { describeTools, type ChainToolsFound } from './find-chain-tools';
export { publicKeyOf, readPublicKey, type PublicKeyOptions } from './public-key';
export { releaseImages, type ReleaseResult } from './release-images';
export { selectArtifacts } from './select-artifacts';
export { DEFAULT_CONCURRENCY, type Refusal, type SessionOptions } from './session';
export { isPlatformRepository, signApplication } from './sign-application';
export { type GivenKeys, type SigningKeyName } from './signing-keys';
export { verifyImages, type VerificationResult } from './verify-images';
export { writeReports } from './write-reports';
