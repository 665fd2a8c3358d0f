/** Onboarding systems, and what happens to them later: the only way into this room. */
export { NewSystem, type Addition } from './add-system';
export { applyRemoval, planRemoval, type Removal, type RemovalRequest } from './remove-system';
export { type RemovalEffect } from './removal-effects';
export { applyVersion, planVersion, type VersionChange, type VersionRequest } from './set-version';
export { showSystem, type SystemInEnvironment, type SystemView } from './show-system';
export { loadFolder } from './folder-model';
export { findSystem } from './known-system';
export { atBranch } from './branch-place';
export { unusableText } from './one-line';
export {
  environmentsQuestion,
  missingAnswers,
  type AnswerField,
  type Choice,
  type Question,
  type SystemRequest,
} from './system-request';
export {
  acceptedFindings,
  commitProblems,
  imageRepository,
  occupied,
  releaseBranch,
  releaseProblems,
  scaffoldSystem,
  writeRepository,
  type BuiltCommits,
  type Release,
  type ScaffoldFile,
  type ScaffoldOptions,
  type ScaffoldResult,
} from './scaffold';
