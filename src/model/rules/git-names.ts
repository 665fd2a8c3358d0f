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

/** A repository's name on Azure DevOps, the most lenient of the hosts. */
export const REPOSITORY_NAME: TextRule = {
  title: 'repository name',
  pattern:
    /^(?![._])(?!.*\.git$)[^\p{C}\\/:*?"'<>;#$@{},+=[\]|%&^~`\s](?:[^\p{C}\\/:*?"'<>;#$@{},+=[\]|%&^~`]{0,62}[^\p{C}\\/:*?"'<>;#$@{},+=[\]|%&^~`.\s])?$/u,
  rule: "1 to 64 letters, digits, spaces, '-', '_' and '.', not starting with '.' or '_', not ending with '.' or '.git', no space at either end",
  source: 'Azure DevOps naming restrictions, repositories',
};

/** A repository's name on hosts whose URLs take it as it is. */
export const URL_REPOSITORY_NAME: TextRule = {
  title: 'repository name',
  pattern: /^(?![.-])(?!.*\.git$)[a-zA-Z0-9._-]{1,100}$/,
  rule: "1 to 100 ASCII letters, digits, '-', '_' and '.', not starting with '.' or '-', not ending with '.git'",
  source: 'GitHub and GitLab, repository names',
};

/** Where repositories are found below; the repository's name is appended. */
export const BASE_URL: TextRule = {
  title: 'base URL',
  pattern: /^(?:https:\/\/|ssh:\/\/(?:[\w.-]+@)?)[^\s?#\\@/]+(?:\/[^\s?#\\@/]+)*$/,
  rule: "'https://host/group' without a user or token, or 'ssh://git@host/group', with no query or trailing slash",
  source: 'Flux GitRepository spec.url; credentials belong in a Secret',
};

/** A repository that anybody may clone. */
export const HTTPS_REPOSITORY_URL: TextRule = {
  title: 'address of a public repository',
  pattern: /^https:\/\/[a-zA-Z0-9.-]+(?::[0-9]{1,5})?(?:\/[^\s?#\\@/]+)+$/,
  rule: "'https://host/path' without a user, token or query",
  source: 'Azure DevOps, import of a Git repository; credentials would stand in Git',
};
