import { type TextRule } from './text-rule';

/** A folder inside a repository. */
export const RELATIVE_PATH: TextRule = {
  title: 'path inside the repository',
  pattern: /^(?!\/)(?![a-zA-Z]:)(?!.*(?:^|\/)\.\.(?:\/|$))(?!~)[^\p{C}\\]{1,4096}$/u,
  rule: "relative, with forward slashes and without '..'",
  source: 'a path must not leave the repository that it belongs to',
};
