{{/* What the schema of the values cannot say: each fails in one sentence. */}}
{{- define "platform-app-chart.checks" -}}
{{- include "platform-app-chart.checkNames" . -}}
{{- include "platform-app-chart.checkScaling" . -}}
{{- include "platform-app-chart.checkVariables" . -}}
{{- include "platform-app-chart.checkProbes" . -}}
{{- include "platform-app-chart.checkContainers" . -}}
{{- include "platform-app-chart.checkVolumes" . -}}
{{- include "platform-app-chart.checkSecrets" . -}}
{{- include "platform-app-chart.checkIdentity" . -}}
{{- include "platform-app-chart.checkSchedule" . -}}
{{- include "platform-app-chart.checkPods" . -}}
{{- end -}}

{{- define "platform-app-chart.checkNames" -}}
{{- $namespace := .Release.Namespace -}}
{{- if or (has $namespace (list "default" "flux-system")) (hasPrefix "kube-" $namespace) -}}
{{- fail (printf "namespace '%s' is no team's: give the release a namespace of its own, by 'targetNamespace' of the HelmRelease or by --namespace" $namespace) -}}
{{- end -}}
{{- $name := include "platform-app-chart.name" . -}}
{{- if and (eq .Values.workload "web") (not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $name)) -}}
{{- fail (printf "a Service cannot be called '%s', because its name begins with a letter and has letters, digits and hyphens only: set 'nameOverride'" $name) -}}
{{- end -}}
{{- if and (eq .Values.workload "cronjob") (gt (len $name) 52) -}}
{{- fail (printf "a CronJob cannot be called '%s', which has %d characters of at most 52: set 'nameOverride'" $name (len $name)) -}}
{{- end -}}
{{- end -}}

{{- define "platform-app-chart.checkScaling" -}}
{{- if .Values.autoscaling.enabled -}}
{{- $least := int .Values.replicaCount -}}
{{- $most := int .Values.autoscaling.maxReplicas -}}
{{- if lt $least 1 -}}
{{- fail "'replicaCount' is 0, and a HorizontalPodAutoscaler keeps at least 1: set it to 1, or switch 'autoscaling' off" -}}
{{- end -}}
{{- if lt $most $least -}}
{{- fail (printf "'autoscaling.maxReplicas' is %d, less than 'replicaCount', which is %d: raise the one, or lower the other" $most $least) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "platform-app-chart.checkVariables" -}}
{{- $given := dict "env" .Values.env "secretEnv" .Values.secretEnv "config" .Values.config -}}
{{- if .Values.externalSecret.enabled }}{{ $_ := set $given "externalSecret.env" .Values.externalSecret.env }}{{ end -}}
{{- include "platform-app-chart.checkOnce" $given -}}
{{- range $list := list "sidecars" "initContainers" -}}
{{- range get $.Values $list -}}
{{- $at := printf "%s[%s]" $list .name -}}
{{- include "platform-app-chart.checkOnce" (dict (printf "%s.env" $at) (default dict .env) (printf "%s.secretEnv" $at) (default dict .secretEnv)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* No key may stand in two mappings. */}}
{{- define "platform-app-chart.checkOnce" -}}
{{- $seen := dict -}}
{{- range $at, $mapping := . -}}
{{- range $key, $_ := $mapping -}}
{{- if hasKey $seen $key -}}
{{- fail (printf "the variable '%s' stands in '%s' and in '%s': remove it from one of them" $key (get $seen $key) $at) -}}
{{- end -}}
{{- $_ := set $seen $key $at -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "platform-app-chart.checkProbes" -}}
{{- range $name := list "startupProbe" "readinessProbe" "livenessProbe" -}}
{{- $probe := get $.Values $name -}}
{{- if and $probe.path $probe.command -}}
{{- fail (printf "'%s' has the path '%s' and the command '%s': keep one of them" $name $probe.path (join " " $probe.command)) -}}
{{- end -}}
{{- if and $probe.path (eq $.Values.workload "worker") -}}
{{- fail (printf "'%s.path' is '%s', and a worker has no port that answers: use '%s.command'" $name $probe.path $name) -}}
{{- end -}}
{{- if and (or $probe.path $probe.command) (eq $.Values.workload "cronjob") -}}
{{- fail (printf "'%s' is set, and a cronjob is not asked: remove it" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "platform-app-chart.checkContainers" -}}
{{- if and .Values.sidecars (semverCompare "<1.29.0-0" .Capabilities.KubeVersion.Version) -}}
{{- fail (printf "'sidecars' need Kubernetes 1.29, and this is %s: upgrade the cluster, or remove them" .Capabilities.KubeVersion.Version) -}}
{{- end -}}
{{- $names := list "app" -}}
{{- $ports := dict -}}
{{- if eq .Values.workload "web" }}{{ $_ := set $ports (int .Values.port | toString) "app" }}{{ end -}}
{{- range concat .Values.sidecars .Values.initContainers -}}
{{- if has .name $names -}}
{{- fail (printf "two containers are called '%s': rename one; the application is 'app'" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- if .port -}}
{{- $port := int .port | toString -}}
{{- if hasKey $ports $port -}}
{{- fail (printf "the containers '%s' and '%s' both listen on port %s: change one of them" (get $ports $port) .name $port) -}}
{{- end -}}
{{- $_ := set $ports $port .name -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "platform-app-chart.checkVolumes" -}}
{{- $names := list -}}
{{- $paths := dict -}}
{{- if .Values.configFiles.files -}}
{{- $names = append $names "config-files" -}}
{{- $_ := set $paths .Values.configFiles.mountPath "configFiles" -}}
{{- end -}}
{{- if .Values.keyVault.enabled -}}
{{- $names = append $names "key-vault" -}}
{{- include "platform-app-chart.checkPath" (dict "paths" $paths "path" .Values.keyVault.mountPath "at" "keyVault") -}}
{{- end -}}
{{- range .Values.volumes -}}
{{- if or (has .name $names) (regexMatch "^(tmp|tmp-(init|sidecar)-[0-9]+|config-files|key-vault)$" .name) -}}
{{- fail (printf "there is another volume called '%s': rename that in 'volumes'" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- include "platform-app-chart.checkPath" (dict "paths" $paths "path" .mountPath "at" (printf "volumes[%s]" .name)) -}}
{{- end -}}
{{- range $list := list "sidecars" "initContainers" -}}
{{- range $container := get $.Values $list -}}
{{- $mounted := dict -}}
{{- range .volumeMounts -}}
{{- $at := printf "%s[%s].volumeMounts" $list $container.name -}}
{{- if not (has .name $names) -}}
{{- fail (printf "'%s' names the volume '%s', and there is %s: add it to 'volumes', or correct the name" $at .name (ternary (join ", " $names) "none" (gt (len $names) 0))) -}}
{{- end -}}
{{- include "platform-app-chart.checkPath" (dict "paths" $mounted "path" .mountPath "at" $at) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Remembers who mounts something at a path; fails where somebody has done so. paths, path, at */}}
{{- define "platform-app-chart.checkPath" -}}
{{- if hasKey .paths .path -}}
{{- fail (printf "'%s' and '%s' are both mounted at '%s': change the 'mountPath' of one of them" (get .paths .path) .at .path) -}}
{{- end -}}
{{- $_ := set .paths .path .at -}}
{{- end -}}

{{- define "platform-app-chart.checkSecrets" -}}
{{- if and .Values.externalSecret.enabled (not .Values.externalSecret.env) -}}
{{- fail "'externalSecret.enabled' is true, and 'externalSecret.env' names no variable: name one, or switch it off" -}}
{{- end -}}
{{- if and .Values.keyVault.enabled (not .Values.keyVault.files) -}}
{{- fail "'keyVault.enabled' is true, and 'keyVault.files' names no secret: name one, or switch it off" -}}
{{- end -}}
{{- end -}}

{{/* A ServiceAccount of this release; that of another one nobody sees here. */}}
{{- define "platform-app-chart.checkIdentity" -}}
{{- $account := include "platform-app-chart.serviceAccountName" . -}}
{{- if .Values.workloadIdentity -}}
{{- with .Subcharts.tenant -}}
{{- $given := .Values.serviceAccount -}}
{{- $isKnown := or $given.workloadIdentity (hasKey $given.annotations "azure.workload.identity/client-id") -}}
{{- if and (not $isKnown) (eq $account (include "platform-tenant.serviceAccountName" .)) -}}
{{- fail (printf "'workloadIdentity' is true, and the ServiceAccount '%s' of this release has no managed identity: set 'tenant.serviceAccount.workloadIdentity.clientId', which is enough by itself, or remove 'workloadIdentity'" $account) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A range of cron must not end before it begins. */}}
{{- define "platform-app-chart.checkSchedule" -}}
{{- if eq .Values.workload "cronjob" -}}
{{- $schedule := .Values.cronJob.schedule -}}
{{- range regexFindAll "[0-9A-Za-z]+-[0-9A-Za-z]+" $schedule -1 -}}
{{- $ends := splitList "-" (lower .) -}}
{{- if gt (include "platform-app-chart.cronNumber" (first $ends) | int) (include "platform-app-chart.cronNumber" (last $ends) | int) -}}
{{- fail (printf "'cronJob.schedule' is '%s', and the range '%s' in it ends before it begins: write it as two, with a comma between" $schedule .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a month or a day of the week counts as; a number is itself. */}}
{{- define "platform-app-chart.cronNumber" -}}
{{- $text := . -}}
{{- $number := atoi $text -}}
{{- range $names := list (list "sun" "mon" "tue" "wed" "thu" "fri" "sat") (list "" "jan" "feb" "mar" "apr" "may" "jun" "jul" "aug" "sep" "oct" "nov" "dec") -}}
{{- range $index, $name := $names }}{{ if eq $name $text }}{{ $number = $index }}{{ end }}{{ end -}}
{{- end -}}
{{- $number -}}
{{- end -}}

{{- define "platform-app-chart.checkPods" -}}
{{- range $key := list "app.kubernetes.io/name" "app.kubernetes.io/instance" -}}
{{- if hasKey $.Values.podLabels $key -}}
{{- fail (printf "'podLabels' has '%s' as '%s', by which the chart finds its pods: remove it" $key (get $.Values.podLabels $key)) -}}
{{- end -}}
{{- end -}}
{{- range .Values.tolerations -}}
{{- if and .value (eq (default "Equal" .operator) "Exists") -}}
{{- fail (printf "the toleration of '%s' has the operator Exists and the value '%s': remove one of them" .key .value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
