{{/* The figures of the SKU, or nothing where none is given. */}}
{{- define "platform-app-chart.sku" -}}
{{- with .Values.sku -}}
{{ get ($.Files.Get "skus.yaml" | fromYaml) . | toYaml }}
{{- end -}}
{{- end -}}

{{/*
What a container needs and may use: what it says itself, else what the SKU says.
  scope, given: 'resources' of the container, at: where that stands
*/}}
{{- define "platform-app-chart.resources" -}}
{{- $at := .at -}}
{{- $sku := .scope.Values.sku -}}
{{- $tier := include "platform-app-chart.sku" .scope | fromYaml -}}
{{- $requests := dict -}}
{{- $limits := dict -}}
{{- range $unit := list "cpu" "memory" -}}
{{- $request := dig "requests" $unit "" (default dict $.given) -}}
{{- $limit := dig "limits" $unit "" (default dict $.given) -}}
{{- with get $tier $unit -}}
{{- $most := include "platform-app-chart.amount" .limit | int64 -}}
{{- if and $limit (gt (include "platform-app-chart.amount" $limit | int64) $most) -}}
{{- fail (printf "'%s.limits.%s' is %s, and %s allows a container %s: lower it, or ask for a larger SKU" $at $unit $limit $sku .limit) -}}
{{- end -}}
{{- $limit = $limit | default .limit -}}
{{- if not $request -}}
{{- /* A request above the limit is refused. */ -}}
{{- $isAbove := gt (include "platform-app-chart.amount" .request | int64) (include "platform-app-chart.amount" $limit | int64) -}}
{{- $request = ternary $limit .request $isAbove -}}
{{- end -}}
{{- end -}}
{{- if and $request $limit -}}
{{- if gt (include "platform-app-chart.amount" $request | int64) (include "platform-app-chart.amount" $limit | int64) -}}
{{- fail (printf "'%s.requests.%s' is %s, above the limit of %s: lower it, or raise '%s.limits.%s'" $at $unit $request $limit $at $unit) -}}
{{- end -}}
{{- end -}}
{{- with $request }}{{ $_ := set $requests $unit . }}{{ end -}}
{{- with $limit }}{{ $_ := set $limits $unit . }}{{ end -}}
{{- end -}}
{{- $resources := dict -}}
{{- with $requests }}{{ $_ := set $resources "requests" . }}{{ end -}}
{{- with $limits }}{{ $_ := set $resources "limits" . }}{{ end -}}
{{- with $resources -}}
resources:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* A quantity as a whole number: millicores, or bytes. */}}
{{- define "platform-app-chart.amount" -}}
{{- $units := dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 -}}
{{- $suffix := regexFind "[A-Za-z]+$" . -}}
{{- $number := trimSuffix $suffix . -}}
{{- if eq $suffix "m" -}}
{{ $number }}
{{- else if eq $suffix "" -}}
{{ mulf $number 1000 | int64 }}
{{- else -}}
{{ mul $number (get $units $suffix) }}
{{- end -}}
{{- end -}}
