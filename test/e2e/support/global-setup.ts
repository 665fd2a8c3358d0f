import { buildTools } from '../../../scripts/build-tools';

/** Builds what is not there yet; the tests find it by this variable. */
export default function globalSetup(): void {
  process.env['K8S_GITOPS_E2E_TOOLS'] = buildTools();
}
