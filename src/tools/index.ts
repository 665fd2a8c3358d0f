/** The command-line tools on this machine: the only way into this room. */
export { findTools, nodeItself, type FoundTool } from './find-tools';
