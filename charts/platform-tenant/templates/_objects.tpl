{{/*
Every object of a tenant.
  scope: the scope of this chart, with its Values, Files and Release
  sku, aadGroupId: size of the namespace, and who gets it
  at: where its values stand, for messages, such as 'tenant.'
*/}}
{{- define "platform-tenant.objects" -}}
{{- include "platform-tenant.checks" . }}
{{- include "platform-tenant.namespace" .scope }}
{{- include "platform-tenant.access" . }}
{{- include "platform-tenant.sku" . }}
{{- include "platform-tenant.serviceAccount" .scope }}
{{- if .scope.Values.networkPolicy.enabled }}
{{- include "platform-tenant.networkPolicies" .scope }}
{{- end }}
{{- end -}}

{{/* The chart is called otherwise where it has an alias, so that its name stands here. */}}
{{- define "platform-tenant.labels" -}}
app.kubernetes.io/name: platform-tenant
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "platform-tenant-%s" .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | trimSuffix "_" | trimSuffix "." | quote }}
{{- end -}}

{{- define "platform-tenant.namespace" }}
{{- $level := .Values.podSecurity }}
---
apiVersion: v1
kind: Namespace
metadata:
  name: {{ .Release.Namespace | quote }}
  labels:
    {{- include "platform-tenant.labels" . | nindent 4 }}
    kubernetes.io/metadata.name: {{ .Release.Namespace | quote }}
    {{- range list "enforce" "audit" "warn" }}
    pod-security.kubernetes.io/{{ . }}: {{ $level }}
    pod-security.kubernetes.io/{{ . }}-version: latest
    {{- end }}
    {{- with .Values.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- /* Whatever stands in the namespace outlives the release. */}}
    helm.sh/resource-policy: keep
    {{- with .Values.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "platform-tenant.access" }}
{{- with .aadGroupId }}
{{- $scope := $.scope }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- /* The role is part of the name, because that of a RoleBinding cannot change. */}}
  name: tenant-team-{{ $scope.Values.role }}
  namespace: {{ $scope.Release.Namespace | quote }}
  labels:
    {{- include "platform-tenant.labels" $scope | nindent 4 }}
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    {{- /* Kubernetes compares texts, and Microsoft Entra writes ids in lower case. */}}
    name: {{ lower . | quote }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ $scope.Values.role }}
{{- end }}
{{- end }}

{{- define "platform-tenant.sku" }}
{{- $scope := .scope }}
{{- with index (include "platform-tenant.skus" $scope | fromYaml) (default "" .sku) }}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: tenant
  namespace: {{ $scope.Release.Namespace | quote }}
  labels:
    {{- include "platform-tenant.labels" $scope | nindent 4 }}
spec:
  hard:
    pods: {{ .quota.pods | quote }}
    requests.cpu: {{ .quota.requests.cpu | quote }}
    requests.memory: {{ .quota.requests.memory | quote }}
    limits.cpu: {{ .quota.limits.cpu | quote }}
    limits.memory: {{ .quota.limits.memory | quote }}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: tenant
  namespace: {{ $scope.Release.Namespace | quote }}
  labels:
    {{- include "platform-tenant.labels" $scope | nindent 4 }}
spec:
  limits:
    - type: Container
      defaultRequest:
        cpu: {{ .cpu.request | quote }}
        memory: {{ .memory.request | quote }}
      default:
        cpu: {{ .cpu.limit | quote }}
        memory: {{ .memory.limit | quote }}
      max:
        cpu: {{ .cpu.limit | quote }}
        memory: {{ .memory.limit | quote }}
{{- end }}
{{- end }}

{{- define "platform-tenant.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default .Release.Namespace }}
{{- end -}}

{{- define "platform-tenant.serviceAccount" }}
{{- $annotations := deepCopy .Values.serviceAccount.annotations }}
{{- with .Values.serviceAccount.workloadIdentity }}
{{- $_ := set $annotations "azure.workload.identity/client-id" .clientId }}
{{- with .tenantId }}{{ $_ := set $annotations "azure.workload.identity/tenant-id" . }}{{ end }}
{{- end }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "platform-tenant.serviceAccountName" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "platform-tenant.labels" . | nindent 4 }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- with .Values.serviceAccount.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "platform-tenant.skus" -}}
{{ .Files.Get "skus.yaml" }}
{{- end -}}
