{{/* The container of the application. */}}
{{- define "platform-app-chart.application" -}}
name: app
image: {{ include "platform-app-chart.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- include "platform-app-chart.program" .Values }}
{{- with include "platform-app-chart.ports" . }}
ports:
  {{- . | trim | nindent 2 }}
{{- end }}
{{- include "platform-app-chart.environment" .Values }}
{{- with include "platform-app-chart.environmentFrom" . }}
envFrom:
  {{- . | trim | nindent 2 }}
{{- end }}
{{- with include "platform-app-chart.resources" (dict "scope" . "given" .Values.resources "at" "resources") }}
{{ . }}
{{- end }}
securityContext:
  {{- include "platform-app-chart.securityContext" . | nindent 2 }}
{{- include "platform-app-chart.probes" . }}
{{- if include "platform-app-chart.preStopSeconds" . }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ include "platform-app-chart.preStopSeconds" . }}
{{- end }}
{{- with include "platform-app-chart.applicationMounts" . }}
volumeMounts:
  {{- . | trim | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A container beside the application. scope, container, at: where it stands, tmp: volume of its /tmp, isSidecar */}}
{{- define "platform-app-chart.otherContainer" -}}
{{- $container := .container -}}
name: {{ $container.name | quote }}
image: {{ $container.image | quote }}
imagePullPolicy: IfNotPresent
{{- if .isSidecar }}
restartPolicy: Always
{{- end }}
{{- include "platform-app-chart.program" $container }}
{{- if $container.port }}
ports:
  - containerPort: {{ int $container.port }}
    {{- if eq (include "platform-app-chart.metricsContainer" .scope) $container.name }}
    name: metrics
    {{- end }}
    protocol: TCP
startupProbe:
  tcpSocket:
    port: {{ int $container.port }}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 60
{{- end }}
{{- include "platform-app-chart.environment" $container }}
{{- with include "platform-app-chart.resources" (dict "scope" .scope "given" $container.resources "at" (printf "%s.resources" .at)) }}
{{ . }}
{{- end }}
securityContext:
  {{- include "platform-app-chart.securityContext" .scope | nindent 2 }}
{{- if or .tmp $container.volumeMounts }}
volumeMounts:
  {{- with .tmp }}
  - name: {{ . }}
    mountPath: /tmp
  {{- end }}
  {{- with include "platform-app-chart.mounts" $container.volumeMounts }}
  {{- . | trim | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "platform-app-chart.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "platform-app-chart.program" -}}
{{- with .command }}
command:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Variables of 'env' and 'secretEnv'. */}}
{{- define "platform-app-chart.environment" -}}
{{- if or .env .secretEnv }}
env:
  {{- range $name, $value := .env }}
  - name: {{ $name | quote }}
    value: {{ toJson $value }}
  {{- end }}
  {{- range $name, $secret := .secretEnv }}
  - name: {{ $name | quote }}
    valueFrom:
      secretKeyRef:
        name: {{ $secret.name | quote }}
        key: {{ $secret.key | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "platform-app-chart.environmentFrom" -}}
{{- if .Values.config }}
- configMapRef:
    name: {{ include "platform-app-chart.name" . }}-config
{{- end }}
{{- if .Values.externalSecret.enabled }}
- secretRef:
    name: {{ include "platform-app-chart.name" . }}-env
{{- end }}
{{- end -}}

{{/* Exactly what the Pod Security Standard "restricted" asks of a container, and no writing to the image. */}}
{{- define "platform-app-chart.securityContext" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: {{ .Values.security.readOnlyRootFilesystem }}
{{- end -}}

{{- define "platform-app-chart.ports" -}}
{{- if eq .Values.workload "web" }}
- name: http
  containerPort: {{ int .Values.port }}
  protocol: TCP
{{- end }}
{{- if eq (include "platform-app-chart.metricsPort" .) "metrics" }}
{{- if eq (include "platform-app-chart.metricsContainer" .) "app" }}
- name: metrics
  containerPort: {{ .Values.podMonitor.port | default .Values.port | int }}
  protocol: TCP
{{- end }}
{{- end }}
{{- end -}}

{{/* Name of the port that metrics are collected from. */}}
{{- define "platform-app-chart.metricsPort" -}}
{{- if .Values.podMonitor.enabled -}}
{{- $isApplications := eq (.Values.podMonitor.port | default .Values.port | int) (int .Values.port) -}}
{{ ternary "http" "metrics" (and (eq .Values.workload "web") $isApplications) }}
{{- end -}}
{{- end -}}

{{/* Name of the container that metrics are collected from. */}}
{{- define "platform-app-chart.metricsContainer" -}}
{{- if .Values.podMonitor.enabled -}}
{{- $container := "app" -}}
{{- $port := .Values.podMonitor.port | default .Values.port | int -}}
{{- range .Values.sidecars }}{{ if eq (int .port) $port }}{{ $container = .name }}{{ end }}{{ end -}}
{{ $container }}
{{- end -}}
{{- end -}}

{{/* A Job is not asked; a worker has no port. */}}
{{- define "platform-app-chart.probes" -}}
{{- if ne .Values.workload "cronjob" }}
{{- range $name := list "startupProbe" "readinessProbe" "livenessProbe" }}
{{- $probe := get $.Values $name }}
{{- if and $probe.enabled (or $probe.command (eq $.Values.workload "web")) }}
{{ $name }}:
  {{- if $probe.command }}
  exec:
    command:
      {{- toYaml $probe.command | nindent 6 }}
  {{- else if $probe.path }}
  httpGet:
    path: {{ toJson $probe.path }}
    port: http
  {{- else }}
  tcpSocket:
    port: http
  {{- end }}
  initialDelaySeconds: {{ int $probe.initialDelaySeconds }}
  periodSeconds: {{ int $probe.periodSeconds }}
  timeoutSeconds: {{ int $probe.timeoutSeconds }}
  failureThreshold: {{ int $probe.failureThreshold }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* How long a web workload waits before it ends; Kubernetes waits by itself, without a program in the image, from 1.30 on. */}}
{{- define "platform-app-chart.preStopSeconds" -}}
{{- if and (eq .Values.workload "web") (int .Values.preStopSeconds) (semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version) -}}
{{ int .Values.preStopSeconds }}
{{- end -}}
{{- end -}}
