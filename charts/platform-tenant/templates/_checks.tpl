{{/* What the schema of the values cannot say: it fails in one sentence. */}}
{{- define "platform-tenant.checks" -}}
{{- $scope := .scope -}}
{{- $at := default "" .at -}}
{{- $namespace := $scope.Release.Namespace -}}
{{- if or (has $namespace (list "default" "flux-system")) (hasPrefix "kube-" $namespace) -}}
{{- fail (printf "namespace '%s' is no team's: give the release a namespace of its own, by 'targetNamespace' of the HelmRelease or by --namespace" $namespace) -}}
{{- end -}}
{{- $skus := include "platform-tenant.skus" $scope | fromYaml -}}
{{- if not (hasKey $skus (default "" .sku)) -}}
{{- $known := keys $skus | sortAlpha | join ", " -}}
{{- if .sku -}}
{{- fail (printf "'sku' is '%s', which is none of %s: set it to one of them" .sku $known) -}}
{{- end -}}
{{- fail (printf "'sku' is missing: set it to one of %s" $known) -}}
{{- end -}}
{{- if eq $scope.Values.serviceAccount.name "default" -}}
{{- fail (printf "'%sserviceAccount.name' is 'default', which every namespace has already: choose another name, or remove the field" $at) -}}
{{- end -}}
{{- range $field := list "labels" "annotations" -}}
{{- range $key, $_ := get $scope.Values $field -}}
{{- if regexMatch "^((pod-security\\.kubernetes\\.io|helm\\.sh|meta\\.helm\\.sh)/|kubernetes\\.io/metadata\\.name$|app\\.kubernetes\\.io/(name|instance|managed-by)$)" $key -}}
{{- fail (printf "'%s%s' has '%s', which the platform sets itself: remove it; the level of Pod Security is '%spodSecurity'" $at $field $key $at) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $block := $scope.Values.networkPolicy.egress.addresses -}}
{{- range $address, $what := dict "169.254.169.254" "the metadata service of Azure" "168.63.129.16" "what Azure serves nodes with" -}}
{{- if eq (include "platform-tenant.isWithin" (dict "address" $address "cidr" $block.cidr)) "true" -}}
{{- fail (printf "'%snetworkPolicy.egress.addresses' has '%s', which contains %s, %s: give smaller blocks, or use '%snetworkPolicy.egress.internet'" $at $block.cidr $address $what $at) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Whether an address is within a block: they are the same once the bits of hosts are cut off. */}}
{{- define "platform-tenant.isWithin" -}}
{{- $block := splitList "/" .cidr -}}
{{- $size := 1 -}}
{{- range until (sub 32 (index $block 1 | atoi) | int) }}{{ $size = mul $size 2 }}{{ end -}}
{{- $first := include "platform-tenant.addressNumber" (index $block 0) | int64 -}}
{{- $second := include "platform-tenant.addressNumber" .address | int64 -}}
{{- eq (div $first $size) (div $second $size) -}}
{{- end -}}

{{- define "platform-tenant.addressNumber" -}}
{{- $number := 0 -}}
{{- range splitList "." . }}{{ $number = add (mul $number 256) (atoi .) }}{{ end -}}
{{- $number -}}
{{- end -}}
