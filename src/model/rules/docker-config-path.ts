import { type TextRule } from './text-rule';

/** A folder that becomes part of a command line, where no character may mean anything. */
export const DOCKER_CONFIG_PATH: TextRule = {
  title: 'folder of registry credentials',
  pattern: /^(?![/-])(?!(?:.*\/)?\.\.(?:\/|$))[A-Za-z0-9._/-]{1,4096}$/,
  rule: "relative, of letters, digits and . _ - /, without '..' and not starting with a hyphen",
  source: 'it becomes part of a command line',
};
