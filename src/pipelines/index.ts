/** What the model decides in the templates of Azure Pipelines: the only way into this room. */
export { BEGIN_MARK, END_MARK, withPlatformFacts } from './application-template';
export { applicationTemplatePath, planTemplates, writeTemplates, type TemplateChange, type TemplatePlan } from './template-files';
