{{/* What every object is called, or begins with. */}}
{{- define "platform-app-chart.name" -}}
{{ .Values.nameOverride | default .Release.Name }}
{{- end -}}

{{/* What selects the pods of a Deployment: it must never change, because selectors cannot. */}}
{{- define "platform-app-chart.selector" -}}
app.kubernetes.io/name: {{ include "platform-app-chart.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* What selects the pods of a CronJob, which no Deployment or Service of the same name may take for its own. */}}
{{- define "platform-app-chart.jobSelector" -}}
app.kubernetes.io/name: {{ printf "%s-job" (include "platform-app-chart.name" .) | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "platform-app-chart.podSelector" -}}
{{ include (ternary "platform-app-chart.jobSelector" "platform-app-chart.selector" (eq .Values.workload "cronjob")) . }}
{{- end -}}

{{/* Labels of objects. Pods do not have them, so that a new version of the chart or of the image does not change more than it has to. */}}
{{- define "platform-app-chart.labels" -}}
{{ include "platform-app-chart.selector" . }}
{{- with .Values.image.tag | default "" | trunc 63 | trimAll "-_." }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "platform-app-chart-%s" .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_." | quote }}
{{- end -}}

{{/* Name, namespace and labels. scope, suffix of the name */}}
{{- define "platform-app-chart.metadata" -}}
name: {{ printf "%s%s" (include "platform-app-chart.name" .scope) (default "" .suffix) | quote }}
namespace: {{ .scope.Release.Namespace | quote }}
labels:
  {{- include "platform-app-chart.labels" .scope | nindent 2 }}
{{- end -}}

{{- define "platform-app-chart.serviceAccountName" -}}
{{- if .Values.serviceAccountName -}}
{{ .Values.serviceAccountName }}
{{- else if .Subcharts.tenant -}}
{{ include "platform-tenant.serviceAccountName" .Subcharts.tenant }}
{{- else -}}
{{ .Release.Namespace }}
{{- end -}}
{{- end -}}

{{/* 'true' where pods get tokens of the managed identity. */}}
{{- define "platform-app-chart.workloadIdentity" -}}
{{- $isTenants := false -}}
{{- with .Subcharts.tenant }}{{ $isTenants = .Values.serviceAccount.workloadIdentity }}{{ end -}}
{{- if or .Values.workloadIdentity .Values.keyVault.enabled $isTenants -}}true{{- end -}}
{{- end -}}
