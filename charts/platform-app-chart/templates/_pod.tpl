{{/* The template of pods, of a Deployment or a Job. */}}
{{- define "platform-app-chart.podTemplate" -}}
{{- $isJob := eq .Values.workload "cronjob" -}}
{{- $labels := include "platform-app-chart.podSelector" . | fromYaml -}}
{{- if include "platform-app-chart.workloadIdentity" . }}{{ $_ := set $labels "azure.workload.identity/use" "true" }}{{ end -}}
{{- $annotations := deepCopy .Values.podAnnotations -}}
{{- if or .Values.config .Values.configFiles.files -}}
{{- $_ := set $annotations "checksum/config" (list .Values.config .Values.configFiles.files | toJson | sha256sum) -}}
{{- end -}}
metadata:
  labels:
    {{- merge $labels .Values.podLabels | toYaml | nindent 4 }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "platform-app-chart.serviceAccountName" . | quote }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- if $isJob }}
  restartPolicy: Never
  {{- end }}
  {{- /* The time before the application is told to end does not count as time that it has to end. */}}
  terminationGracePeriodSeconds: {{ add .Values.terminationGracePeriodSeconds (include "platform-app-chart.preStopSeconds" . | int) }}
  securityContext:
    runAsNonRoot: true
    {{- range $field := list "runAsUser" "runAsGroup" "fsGroup" }}
    {{- with get $.Values.security $field }}
    {{ $field }}: {{ int64 . }}
    {{- end }}
    {{- end }}
    {{- if .Values.security.fsGroup }}
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  {{- if or .Values.sidecars .Values.initContainers }}
  {{- /* Sidecars come first, so that what runs to its end can use them. */}}
  initContainers:
    {{- range $index, $container := .Values.sidecars }}
    {{- $tmp := include "platform-app-chart.tmp" (dict "scope" $ "mounts" .volumeMounts "name" (printf "tmp-sidecar-%d" $index)) }}
    {{- $at := printf "sidecars[%s]" .name }}
    - {{ include "platform-app-chart.otherContainer" (dict "scope" $ "container" . "at" $at "tmp" $tmp "isSidecar" true) | nindent 6 | trim }}
    {{- end }}
    {{- range $index, $container := .Values.initContainers }}
    {{- $tmp := include "platform-app-chart.tmp" (dict "scope" $ "mounts" .volumeMounts "name" (printf "tmp-init-%d" $index)) }}
    {{- $at := printf "initContainers[%s]" .name }}
    - {{ include "platform-app-chart.otherContainer" (dict "scope" $ "container" . "at" $at "tmp" $tmp) | nindent 6 | trim }}
    {{- end }}
  {{- end }}
  containers:
    - {{ include "platform-app-chart.application" . | nindent 6 | trim }}
  {{- with include "platform-app-chart.volumes" . }}
  volumes:
    {{- . | trim | nindent 4 }}
  {{- end }}
  {{- if and .Values.topologySpread (or (not $isJob) (gt (int .Values.cronJob.parallelism) 1)) }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "platform-app-chart.podSelector" $ | nindent 10 }}
      matchLabelKeys: [{{ ternary "batch.kubernetes.io/controller-uid" "pod-template-hash" $isJob }}]
    {{- end }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- range . }}
    - key: {{ .key | quote }}
      operator: {{ .operator | default "Equal" }}
      {{- if .value }}
      value: {{ .value | quote }}
      {{- end }}
      {{- if .effect }}
      effect: {{ .effect }}
      {{- end }}
    {{- end }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
{{- end -}}
