import { type TextRule } from './text-rule';

/** A branch without `refs/heads/`. */
export const BRANCH_NAME: TextRule = {
  title: 'branch name',
  pattern:
    // eslint-disable-next-line no-control-regex -- control characters are what git-check-ref-format refuses
    /^(?![-/.])(?!refs\/)(?!HEAD$)(?!@$)(?!.*(?:\/\.|\.\.|\/\/|@\{))(?!.*\.lock(?:\/|$))[^\u0000-\u0020\u007f~^:?*[\\]{1,244}(?<![/.])$/,
  rule: `no spaces, control characters or any of ~ ^ : ? * [ \\, no '..', '//' or '@{', no part that starts with '.' or ends with '.lock', no leading '-' or '/', no trailing '/' or '.', without 'refs/heads/'`,
  source: 'git check-ref-format',
};

/** A repository's name on any Git host, without the organization or group. */
export const REPOSITORY_NAME: TextRule = {
  title: 'repository name',
  pattern: /^(?![.-])(?!.*\.git$)[\p{L}\p{N} _.-]{1,64}(?<![. ])$/u,
  rule: "1 to 64 letters, digits, spaces, '_', '.' and '-', not starting with '.' or '-', not ending with '.' or '.git'",
  source: 'what Azure DevOps, GitHub and GitLab all accept',
};

/** Where repositories are found below; the repository's name is appended. */
export const BASE_URL: TextRule = {
  title: 'base URL',
  pattern: /^(?:https|ssh):\/\/(?![^/]*:[^/]*@)[^\s?#\\]+[^\s?#\\/]$/,
  rule: "'https://host/group' or 'ssh://git@host/group', with no password, query or trailing slash",
  source: 'Flux GitRepository spec.url',
};
