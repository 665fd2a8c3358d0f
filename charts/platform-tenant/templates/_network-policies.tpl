{{/* One NetworkPolicy. scope: that of the chart, name: after 'tenant-', spec: its parts besides the selector of all pods */}}
{{- define "platform-tenant.networkPolicy" }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: tenant-{{ .name }}
  namespace: {{ .scope.Release.Namespace | quote }}
  labels:
    {{- include "platform-tenant.labels" .scope | nindent 4 }}
spec:
  podSelector: {}
  {{- .spec | nindent 2 }}
{{- end }}

{{- define "platform-tenant.networkPolicies" }}
{{- $policy := .Values.networkPolicy }}
{{- $egress := $policy.egress }}
{{- include "platform-tenant.networkPolicy" (dict "scope" . "name" "deny-all" "spec" "policyTypes: [Ingress, Egress]") }}
{{- include "platform-tenant.networkPolicy" (dict "scope" . "name" "dns" "spec" (include "platform-tenant.dnsSpec" .)) }}
{{- if $policy.sameNamespace }}
{{- include "platform-tenant.networkPolicy" (dict "scope" . "name" "same-namespace" "spec" (include "platform-tenant.sameNamespaceSpec" .)) }}
{{- end }}
{{- with $policy.ingressFrom }}
{{- include "platform-tenant.networkPolicy" (dict "scope" $ "name" "ingress" "spec" (include "platform-tenant.fromNamespacesSpec" .)) }}
{{- end }}
{{- with $policy.ingressAddresses }}
{{- include "platform-tenant.networkPolicy" (dict "scope" $ "name" "ingress-addresses" "spec" (include "platform-tenant.fromAddressesSpec" .)) }}
{{- end }}
{{- with $policy.metricsFrom }}
{{- include "platform-tenant.networkPolicy" (dict "scope" $ "name" "metrics" "spec" (include "platform-tenant.fromNamespacesSpec" .)) }}
{{- end }}
{{- if or (ne $egress.internet "none") .Values.serviceAccount.workloadIdentity }}
{{- include "platform-tenant.networkPolicy" (dict "scope" . "name" "egress-internet" "spec" (include "platform-tenant.internetSpec" $egress.internet)) }}
{{- end }}
{{- with $egress.namespaces }}
{{- include "platform-tenant.networkPolicy" (dict "scope" $ "name" "egress-namespaces" "spec" (include "platform-tenant.toNamespacesSpec" .)) }}
{{- end }}
{{- with $egress.addresses }}
{{- include "platform-tenant.networkPolicy" (dict "scope" $ "name" "egress-addresses" "spec" (include "platform-tenant.toAddressesSpec" .)) }}
{{- end }}
{{- end }}

{{- define "platform-tenant.dnsSpec" -}}
policyTypes: [Egress]
egress:
  - to:
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: kube-system
        podSelector:
          matchLabels:
            k8s-app: kube-dns
      {{- /* Caches on the node: LocalDNS of AKS, and NodeLocal DNSCache of Kubernetes. */}}
      - ipBlock:
          cidr: 169.254.10.10/32
      - ipBlock:
          cidr: 169.254.10.11/32
      - ipBlock:
          cidr: 169.254.20.10/32
    ports:
      - protocol: UDP
        port: 53
      - protocol: TCP
        port: 53
{{- end -}}

{{- define "platform-tenant.sameNamespaceSpec" -}}
policyTypes: [Ingress, Egress]
ingress:
  - from:
      - podSelector: {}
egress:
  - to:
      - podSelector: {}
{{- end -}}

{{- define "platform-tenant.fromNamespacesSpec" -}}
policyTypes: [Ingress]
ingress:
  - from:
      {{- range . }}
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: {{ . | quote }}
      {{- end }}
{{- end -}}

{{- define "platform-tenant.fromAddressesSpec" -}}
policyTypes: [Ingress]
ingress:
  - from:
      {{- range . }}
      - ipBlock:
          cidr: {{ . | quote }}
      {{- end }}
{{- end -}}

{{/* Private networks, addresses that only a node or its provider has, and those that lead to them by translation are left out. */}}
{{- define "platform-tenant.internetSpec" -}}
policyTypes: [Egress]
egress:
  - to:
      - ipBlock:
          cidr: 0.0.0.0/0
          except:
            - 0.0.0.0/8
            - 10.0.0.0/8
            - 100.64.0.0/10
            - 127.0.0.0/8
            {{- /* The metadata service of Azure is 169.254.169.254. */}}
            - 169.254.0.0/16
            - 172.16.0.0/12
            - 192.0.0.0/24
            - 192.168.0.0/16
            - 198.18.0.0/15
            - 224.0.0.0/4
            - 240.0.0.0/4
            {{- /* What Azure serves nodes with. */}}
            - 168.63.129.16/32
      - ipBlock:
          cidr: 2000::/3
          except:
            - 2001::/32
            - 2002::/16
    {{- if ne . "all" }}
    ports:
      - protocol: TCP
        port: 443
    {{- end }}
{{- end -}}

{{- define "platform-tenant.toNamespacesSpec" -}}
policyTypes: [Egress]
egress:
  {{- range . }}
  - to:
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: {{ .name | quote }}
    {{- include "platform-tenant.ports" .ports | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "platform-tenant.toAddressesSpec" -}}
policyTypes: [Egress]
egress:
  {{- range . }}
  - to:
      - ipBlock:
          cidr: {{ .cidr | quote }}
    {{- include "platform-tenant.ports" .ports | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "platform-tenant.ports" -}}
{{- with . -}}
ports:
  {{- range . }}
  - protocol: TCP
    port: {{ int . }}
  {{- end }}
{{- end -}}
{{- end -}}
