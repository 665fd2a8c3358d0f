import { type TextRule } from './text-rule';

/** RFC 1123 label: names of namespaces, and of everything here that becomes one. */
export const DNS_LABEL: TextRule = {
  title: 'DNS label',
  pattern: /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  rule: '1 to 63 lower-case letters, digits and hyphens, starting and ending with a letter or digit',
  source: 'Kubernetes object names, RFC 1123 label',
};

/** RFC 1123 subdomain: names of most other Kubernetes objects. */
export const DNS_SUBDOMAIN: TextRule = {
  title: 'DNS subdomain',
  pattern: /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
  rule: "1 to 253 lower-case letters, digits, '-' and '.', starting and ending with a letter or digit",
  source: 'Kubernetes object names, RFC 1123 subdomain',
};

/** kustomize-controller labels every object with the name of its Kustomization, and a label's value has 63 characters. */
export const KUSTOMIZATION_NAME: TextRule = {
  title: 'Kustomization name',
  pattern: /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
  rule: "1 to 63 lower-case letters, digits, '-' and '.', starting and ending with a letter or digit",
  source: 'Flux kustomize-controller, label kustomize.toolkit.fluxcd.io/name',
};

/** Helm stores a release under its name with a prefix and a revision, which leaves 53 characters. */
export const HELM_RELEASE_NAME: TextRule = {
  title: 'Helm release name',
  pattern: /^(?=.{1,53}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  rule: '1 to 53 lower-case letters, digits and hyphens, starting and ending with a letter or digit',
  source: 'Helm, validation of release names',
};

/** The value of a label, which a team's name becomes. */
export const LABEL_VALUE: TextRule = {
  title: 'label value',
  pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?$/,
  rule: "1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
  source: 'Kubernetes label values',
};

/** A Go duration as Flux's API accepts it, longer than nothing. */
export const DURATION: TextRule = {
  title: 'duration',
  // Five digits of hours stay far below the 292 years that a Go duration can hold.
  pattern: /^(?=.*[1-9])(?:[0-9]{1,5}(?:\.[0-9]{1,5})?(?:ms|s|m|h)){1,4}$/,
  rule: "numbers of up to five digits with a unit of ms, s, m or h and more than zero, such as '30s', '5m' or '1h30m'",
  source: 'Flux API, spec.interval',
};

/** A size of storage. */
export const QUANTITY: TextRule = {
  title: 'quantity',
  pattern: /^[1-9][0-9]*(?:[KMGTPE]i?)?$/,
  rule: "a whole number, with a suffix such as 'Gi' or without",
  source: 'Kubernetes resource quantities',
};

/** A kind of object, with its API group unless it is Kubernetes' own. */
export const KIND: TextRule = {
  title: 'kind',
  pattern: /^[A-Z][A-Za-z0-9]{0,62}(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
  rule: "a kind such as 'Role', with the API group behind a dot where it is not Kubernetes' own, such as 'PodMonitor.monitoring.coreos.com'",
  source: 'Kubernetes API conventions',
};

/** A version of Kubernetes as clusters have it. */
export const KUBERNETES_VERSION: TextRule = {
  title: 'Kubernetes version',
  pattern: /^1\.(?:2[89]|[3-9][0-9])(?:\.[0-9]{1,3})?$/,
  rule: "a version from 1.28 on such as '1.34' or '1.34.4', in quotes so that 1.30 stays 1.30",
  source: 'Kubernetes releases',
};
