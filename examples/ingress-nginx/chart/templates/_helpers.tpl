{{- define "labels" -}}
{{ include "selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end }}

{{- /* Names what is in no namespace apart from that of another release. */}}
{{- define "clusterName" -}}
{{ printf "%s-%s" .Release.Namespace .Release.Name }}
{{- end }}

{{- /* The controller takes the Ingresses of its class by this name. */}}
{{- define "controllerName" -}}
{{- if eq .Values.ingressClass.name "nginx" }}k8s.io/ingress-nginx{{ else }}k8s.io/ingress-{{ .Values.ingressClass.name }}{{ end }}
{{- end }}
