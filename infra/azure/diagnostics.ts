import { DiagnosticSetting } from '@pulumi/azure-native/monitor';
import type * as pulumi from '@pulumi/pulumi';

/** Sends everything that a resource logs, who read what among it, to a Log Analytics workspace. */
export function sendLogs(name: string, resourceId: pulumi.Input<string>, workspaceId: string, parent: pulumi.Resource): void {
  new DiagnosticSetting(
    name,
    {
      name: 'k8s-gitops',
      resourceUri: resourceId,
      workspaceId,
      logs: [{ categoryGroup: 'allLogs', enabled: true }],
      metrics: [{ category: 'AllMetrics', enabled: true }],
    },
    { parent },
  );
}
