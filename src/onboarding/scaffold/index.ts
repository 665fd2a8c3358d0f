/** The repository of a system: its files, how they are written, and what its pipeline may release. */
export { acceptedFindings } from './accepted-findings';
export { releaseProblems, type Release } from './authorize-release';
export { imageRepository } from './image-repository';
export { type ScaffoldFile } from './scaffold-file';
export { scaffoldSystem, type ScaffoldOptions, type ScaffoldResult } from './scaffold-system';
export { occupied, writeRepository } from './write-repository';
