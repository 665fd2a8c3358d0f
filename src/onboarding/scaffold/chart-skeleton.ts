import { SKU_NAMES } from '../../model';
import { CHART_FOLDER, FIRST_TAG } from './release-kind';
import { type ScaffoldFile } from './scaffold-file';

export interface ChartSkeletonProps {
  /** Name of the chart. */
  readonly name: string;
  /** One sentence about it. */
  readonly description: string;
  /** Image without tag, as the chart has it by default. */
  readonly image: string;
  /** @default - the chart's `appVersion`: the pipeline stamps the chart with the tag of the image that it was built with */
  readonly tag?: string;
  /** Whether the platform hands `sku` and `aadGroupId` to it, as to every chart that it releases for a tenant. */
  readonly withTenantFacts: boolean;
}

/** A chart that meets Pod Security "restricted", for a team to go on from. */
export function chartSkeleton(props: ChartSkeletonProps): readonly ScaffoldFile[] {
  const files: Readonly<Record<string, string>> = {
    '.helmignore': '.git/\n*.tgz\n*.swp\n',
    'Chart.yaml': chartYaml(props),
    'values.yaml': valuesYaml(props),
    'values.schema.json': `${JSON.stringify(valuesSchema(props), null, 2)}\n`,
    'templates/_helpers.tpl': HELPERS,
    'templates/deployment.yaml': DEPLOYMENT,
    'templates/service.yaml': SERVICE,
    'templates/serviceaccount.yaml': SERVICE_ACCOUNT,
    'templates/networkpolicy.yaml': NETWORK_POLICY,
  };
  return Object.entries(files).map(([file, content]) => ({ path: `${CHART_FOLDER}/${file}`, content, editedBy: 'team' }));
}

const chartYaml = ({ name, description, tag }: ChartSkeletonProps): string => `apiVersion: v2
name: ${name}
description: ${JSON.stringify(description)}
type: application
version: 0.1.0
appVersion: ${JSON.stringify(tag ?? FIRST_TAG)}
`;

const valuesYaml = ({
  image,
  tag,
}: ChartSkeletonProps): string => `# The same in every environment. What differs is given over these, by environment.
image:
  repository: ${image}
${tag === undefined ? '  # The tag is the appVersion of the chart, which the pipeline stamps with that of the image.' : `  tag: ${JSON.stringify(tag)}`}
replicaCount: 1
# The port that the container listens on; below 1024 a container that is not root cannot.
port: 8080
resources:
  requests:
    cpu: 100m
    memory: 128Mi
  limits:
    memory: 128Mi
# Namespaces whose pods reach the port.
ingressFrom:
  - ingress-nginx
serviceAccount:
  # false where a tenant brings one: it is called like the namespace.
  create: true
`;

const quantity = { type: ['string', 'number'] };
const quantities = {
  type: 'object',
  additionalProperties: false,
  properties: { cpu: quantity, memory: quantity, 'ephemeral-storage': quantity },
};

const valuesSchema = ({ withTenantFacts }: ChartSkeletonProps): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  additionalProperties: false,
  required: ['image', 'replicaCount', 'port', 'resources', 'ingressFrom', 'serviceAccount'],
  properties: {
    image: {
      type: 'object',
      additionalProperties: false,
      required: ['repository'],
      properties: {
        repository: { type: 'string', pattern: '^[a-z0-9][a-z0-9._:/-]*$' },
        tag: { type: 'string', pattern: '^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$', not: { const: 'latest' } },
      },
    },
    replicaCount: { type: 'integer', minimum: 0 },
    port: { type: 'integer', minimum: 1024, maximum: 65535 },
    resources: {
      type: 'object',
      additionalProperties: false,
      properties: { requests: quantities, limits: quantities },
    },
    ingressFrom: { type: 'array', items: { type: 'string', minLength: 1 } },
    serviceAccount: {
      type: 'object',
      additionalProperties: false,
      required: ['create'],
      properties: { create: { type: 'boolean' } },
    },
    ...(withTenantFacts ? { sku: { enum: SKU_NAMES }, aadGroupId: { type: 'string' } } : {}),
    global: { type: 'object' },
  },
});

const HELPERS = `{{- define "labels" -}}
{{ include "selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
`;

/** What every object of the chart is called, and belongs to. */
const METADATA = `metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "labels" . | nindent 4 }}`;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
${METADATA}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      {{- include "selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "labels" . | nindent 8 }}
    spec:
      serviceAccountName: {{ ternary .Release.Name .Release.Namespace .Values.serviceAccount.create }}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            - name: http
              containerPort: {{ .Values.port }}
          readinessProbe:
            tcpSocket:
              port: http
          livenessProbe:
            tcpSocket:
              port: http
            failureThreshold: 6
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
`;

const SERVICE = `apiVersion: v1
kind: Service
${METADATA}
spec:
  selector:
    {{- include "selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: 80
      targetPort: http
`;

const SERVICE_ACCOUNT = `{{- if .Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
${METADATA}
automountServiceAccountToken: false
{{- end }}
`;

const NETWORK_POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${METADATA}
spec:
  podSelector:
    matchLabels:
      {{- include "selectorLabels" . | nindent 6 }}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - podSelector: {}
        {{- range .Values.ingressFrom }}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ . }}
        {{- end }}
      ports:
        - port: http
          protocol: TCP
  egress:
    # The name service of the cluster; add what the application reaches.
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
`;
