import { inFolder } from './release-kind';
import { type ScaffoldFile } from './scaffold-file';
import { type Place } from './system-repository';

/** Beside a HelmRelease that the platform owns: what else the team needs. Flux fails on a folder without a manifest. */
export function furtherObjectFiles({ system, folder }: Place): readonly ScaffoldFile[] {
  return [
    {
      path: inFolder(folder!, 'settings.yaml'),
      content: `# What else '${system.name}' needs, beside the release that the platform owns. An example; replace it.
# The namespace comes with the release: until it is there, Flux tries again every minute.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${system.name}-settings
  namespace: ${system.names.namespace}
data:
  greeting: hello
`,
      editedBy: 'team',
    },
  ];
}

/** Pattern C: an object of the cluster that harms nobody. */
export function clusterObjectFiles({ system, folder }: Place): readonly ScaffoldFile[] {
  return [
    {
      path: inFolder(folder!, 'kustomization.yaml'),
      content: `# What Flux applies of this folder.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - clusterrole.yaml
`,
      editedBy: 'team',
    },
    {
      path: inFolder(folder!, 'clusterrole.yaml'),
      content: `# An example; replace it. Nobody is bound to it.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${system.name}-definitions-reader
rules:
  - apiGroups: [apiextensions.k8s.io]
    resources: [customresourcedefinitions]
    verbs: [get, list, watch]
`,
      editedBy: 'team',
    },
  ];
}
