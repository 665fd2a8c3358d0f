import { type TextRule } from './text-rule';

const NAMING_RESTRICTIONS = 'Azure DevOps naming restrictions';

export const ORGANIZATION_NAME: TextRule = {
  title: 'Azure DevOps organization name',
  pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/,
  rule: '1 to 50 letters, digits and hyphens, starting and ending with a letter or digit',
  source: NAMING_RESTRICTIONS,
};

export const PROJECT_NAME: TextRule = {
  title: 'Azure DevOps project name',
  pattern:
    /^(?![_.\s])(?!.*[.\s]$)(?!(?:AUX|COM\d|CON|DefaultCollection|LPT\d|NUL|PRN|SERVER|SignalR|Web|WEB)$)[^\p{C}\p{S}\\/:*?"'<>;#$@{},+=[\]|%&]{1,64}$/u,
  rule: `1 to 64 characters, none of \\ / : * ? " ' < > ; # $ @ { } , + = [ ] | % &, not starting with _ or ., not ending with ., no space at either end, no symbol, no name that Windows or Azure DevOps reserves`,
  source: NAMING_RESTRICTIONS,
};

/** Service connections, agent pools and environments: any printable text. */
export const RESOURCE_NAME: TextRule = {
  title: 'Azure DevOps resource name',
  pattern: /^(?!\s)[^\p{C}]{1,128}(?<!\s)$/u,
  rule: '1 to 128 printable characters, no space at either end',
  source: NAMING_RESTRICTIONS,
};
