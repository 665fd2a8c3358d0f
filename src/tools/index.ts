/** The command-line tools on this machine: the only way into this room. */
export { concurrently } from './concurrently';
export { findTools, nodeItself, type FoundTool } from './find-tools';
export { contentDigest, findMismatch, type Mismatch } from './content-digest';
export { locateOnPath, locateTool, TOOLS_FOLDER, type LocatedTool } from './locate-tool';
export { pause } from './pause';
export { redact } from './redact';
export { runTool, type RunOptions, type ToolResult } from './run-tool';
export { newDispatcher } from './http-dispatcher';
export { connectionFailure } from './http-failure';
export { type DownloadContext, type HttpLimits } from './http-request';
export { installTools, type Installation, type InstalledTool, type InstallRequest, type ToolProgress } from './install-tools';
export { lockTools, type LockRequest, type LockResult, type ToolChange } from './lock-tools';
export { isReleaseVersion, newestVersion } from './newest-version';
export { releaseNotes } from './published-tools';
export { resolveTool, type ResolvedTool } from './resolve-tool';
export { writeWhole } from './write-whole';
export { verifyTools, type Verification, type VerifiedTool, type VerifyRequest } from './verify-tools';
