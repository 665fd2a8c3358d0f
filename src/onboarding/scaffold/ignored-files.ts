import { type ScaffoldFile } from './scaffold-file';

/** What must never get into the repository. */
export const IGNORED_FILES: ScaffoldFile = {
  path: '.gitignore',
  content: `# Secrets
.env
*.key
*.pem
*.pfx
kubeconfig*
# Packaged charts
*.tgz
`,
  editedBy: 'nobody',
};
