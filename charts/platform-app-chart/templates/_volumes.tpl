{{/* Name of the volume for /tmp, or nothing. scope, mounts of the container, name */}}
{{- define "platform-app-chart.tmp" -}}
{{- if .scope.Values.tmp.enabled -}}
{{- $isTaken := false -}}
{{- range .mounts }}{{ if eq .mountPath "/tmp" }}{{ $isTaken = true }}{{ end }}{{ end -}}
{{- if not $isTaken }}{{ .name }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The same for the application, whose mounts stand in several places. */}}
{{- define "platform-app-chart.applicationTmp" -}}
{{- $mounts := .Values.volumes -}}
{{- if .Values.configFiles.files }}{{ $mounts = append $mounts .Values.configFiles }}{{ end -}}
{{- if .Values.keyVault.enabled }}{{ $mounts = append $mounts .Values.keyVault }}{{ end -}}
{{- include "platform-app-chart.tmp" (dict "scope" . "mounts" $mounts "name" "tmp") -}}
{{- end -}}

{{- define "platform-app-chart.mounts" -}}
{{- range . }}
- name: {{ .name | quote }}
  mountPath: {{ .mountPath | quote }}
  readOnly: {{ dig "readOnly" true . }}
{{- end }}
{{- end -}}

{{- define "platform-app-chart.applicationMounts" -}}
{{- with include "platform-app-chart.applicationTmp" . }}
- name: {{ . }}
  mountPath: /tmp
{{- end }}
{{- with .Values.configFiles }}
{{- if .files }}
- name: config-files
  mountPath: {{ .mountPath | quote }}
  readOnly: true
{{- end }}
{{- end }}
{{- with .Values.keyVault }}
{{- if .enabled }}
- name: key-vault
  mountPath: {{ .mountPath | quote }}
  readOnly: true
{{- end }}
{{- end }}
{{- include "platform-app-chart.mounts" .Values.volumes }}
{{- end -}}

{{/* Every volume of the pod. Each container has a /tmp of its own. */}}
{{- define "platform-app-chart.volumes" -}}
{{- with include "platform-app-chart.applicationTmp" . }}
{{- include "platform-app-chart.tmpVolume" (dict "scope" $ "name" .) }}
{{- end }}
{{- range $kind, $containers := dict "init" .Values.initContainers "sidecar" .Values.sidecars }}
{{- range $index, $container := $containers }}
{{- with include "platform-app-chart.tmp" (dict "scope" $ "mounts" .volumeMounts "name" (printf "tmp-%s-%d" $kind $index)) }}
{{- include "platform-app-chart.tmpVolume" (dict "scope" $ "name" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.configFiles.files }}
- name: config-files
  configMap:
    name: {{ include "platform-app-chart.name" . }}-files
{{- end }}
{{- if .Values.keyVault.enabled }}
- name: key-vault
  csi:
    driver: secrets-store.csi.k8s.io
    readOnly: true
    volumeAttributes:
      secretProviderClass: {{ include "platform-app-chart.name" . | quote }}
{{- end }}
{{- range .Values.volumes }}
- name: {{ .name | quote }}
  {{- with .emptyDir }}
  emptyDir:
    sizeLimit: {{ .sizeLimit | quote }}
  {{- end }}
  {{- with .configMap }}
  configMap:
    name: {{ . | quote }}
  {{- end }}
  {{- with .secret }}
  secret:
    secretName: {{ . | quote }}
  {{- end }}
  {{- with .persistentVolumeClaim }}
  persistentVolumeClaim:
    claimName: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "platform-app-chart.tmpVolume" }}
- name: {{ .name }}
  emptyDir:
    sizeLimit: {{ .scope.Values.tmp.sizeLimit | quote }}
{{- end -}}
