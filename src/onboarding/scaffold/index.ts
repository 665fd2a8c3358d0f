/** The repository of a system: its files, how they are written, and what its pipeline may release. */
export { acceptedFindings } from './accepted-findings';
export { releaseBranch, releaseProblems, type Release } from './authorize-release';
export { commitProblems, type BuiltCommits } from './commit-on-branch';
export { imageRepository } from './image-repository';
export { type ScaffoldFile } from './scaffold-file';
export { scaffoldSystem, type ScaffoldOptions, type ScaffoldResult } from './scaffold-system';
export { occupied, writeRepository } from './write-repository';
