{{/* Rules of egress, each of them one place where our pods may go. */}}

{{/* Takes to (a list of peers, empty: anywhere) and port, protocol. */}}
{{- define "hamaynk.egressTo" -}}
- ports: [{port: {{ .port }}, protocol: {{ .protocol | default "TCP" }}}]
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "hamaynk.egressDns" -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
  {{- with .Values.networkPolicy.egress.dns }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "hamaynk.egressDatabase" -}}
{{- $to := .Values.networkPolicy.egress.database -}}
{{- if eq .Values.database.mode "cloudnativepg" -}}
{{- $to = list (dict "podSelector" (dict "matchLabels" (dict "cnpg.io/cluster" (include "hamaynk.postgres" .)))) -}}
{{- end -}}
{{- include "hamaynk.egressTo" (dict "to" $to "port" (include "hamaynk.databasePort" .)) -}}
{{- end -}}

{{- define "hamaynk.egressDirectDatabase" -}}
{{- $to := .Values.networkPolicy.egress.database -}}
{{- if eq .Values.database.mode "cloudnativepg" -}}
{{- $to = list (dict "podSelector" (dict "matchLabels" (dict "cnpg.io/cluster" (include "hamaynk.postgres" .)))) -}}
{{- end -}}
{{- include "hamaynk.egressTo" (dict "to" $to "port" (include "hamaynk.directPort" .)) -}}
{{- end -}}

{{- define "hamaynk.egressRedis" -}}
{{- $to := .Values.networkPolicy.egress.redis -}}
{{- if .Values.valkey.enabled -}}
{{- $to = list (include "hamaynk.peer" (dict "root" . "component" "valkey") | fromYaml) -}}
{{- end -}}
{{- include "hamaynk.egressTo" (dict "to" $to "port" (include "hamaynk.redisPort" .)) -}}
{{- end -}}

{{/* Pods of this release by component. */}}
{{- define "hamaynk.peer" -}}
podSelector:
  matchLabels:
    {{- include "hamaynk.selector" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Selects the pods of some components. Takes root, components. */}}
{{- define "hamaynk.podsOf" -}}
podSelector:
  matchLabels:
    {{- include "hamaynk.selector" .root | nindent 4 }}
  matchExpressions:
    - {key: app.kubernetes.io/component, operator: In, values: {{ toJson .components }}}
{{- end -}}
