{{/* Names, labels and images. */}}

{{- define "hamaynk.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* First part of all names. 40 characters leave room for what comes after. */}}
{{- define "hamaynk.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "hamaynk.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "hamaynk.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels by which objects are found; never changed, since selectors of Deployments cannot be. */}}
{{- define "hamaynk.selector" -}}
app.kubernetes.io/name: {{ include "hamaynk.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "hamaynk.labels" -}}
{{ include "hamaynk.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: hamaynk
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Metadata of an object. Takes root, name, and perhaps component, group, annotations (a map). */}}
{{- define "hamaynk.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "hamaynk.labels" .root | nindent 2 }}
  {{- with .component }}
  app.kubernetes.io/component: {{ . }}
  {{- end }}
  {{- with .group }}
  hamaynk/worker-group: {{ . }}
  {{- end }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* An image by digest, else by tag. Takes root, image (registry, repository, tag, digest), tag (where none is given). */}}
{{- define "hamaynk.image" -}}
{{- $registry := .root.Values.imageRegistry | default .image.registry -}}
{{- $name := ternary (printf "%s/%s" $registry .image.repository) .image.repository (ne $registry "") -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $name .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (.image.tag | default .tag) -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.ownImage" -}}
{{- include "hamaynk.image" (dict "root" . "image" .Values.image "tag" .Chart.AppVersion) -}}
{{- end -}}

{{- define "hamaynk.appSecret" -}}
{{- .Values.secrets.existingSecret | default (include "hamaynk.fullname" .) -}}
{{- end -}}

{{/* Secret and key of the owner's address: given, made by CloudNativePG, or made of values for a trial. */}}
{{- define "hamaynk.ownerSecret" -}}
{{- if .Values.secrets.owner.existingSecret -}}
{{- .Values.secrets.owner.existingSecret -}}
{{- else if eq .Values.database.mode "cloudnativepg" -}}
{{- printf "%s-app" (include "hamaynk.postgres" .) -}}
{{- else -}}
{{- printf "%s-owner" (include "hamaynk.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.ownerKey" -}}
{{- if .Values.secrets.owner.existingSecret -}}
{{- .Values.secrets.owner.key -}}
{{- else if eq .Values.database.mode "cloudnativepg" -}}
uri
{{- else -}}
{{- .Values.secrets.owner.key -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "hamaynk.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.postgres" -}}
{{- printf "%s-postgres" (include "hamaynk.fullname" .) -}}
{{- end -}}

{{- define "hamaynk.databaseHost" -}}
{{- if eq .Values.database.mode "cloudnativepg" -}}
{{- printf "%s-rw" (include "hamaynk.postgres" .) -}}
{{- else -}}
{{- required "database.external.host: where the external database is" .Values.database.external.host -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.databasePort" -}}
{{- if eq .Values.database.mode "cloudnativepg" -}}5432{{- else -}}{{- .Values.database.external.port -}}{{- end -}}
{{- end -}}

{{/* Where migrate connects, for the container that waits and for the network policy. */}}
{{- define "hamaynk.directHost" -}}
{{- if eq .Values.database.mode "external" -}}
{{- .Values.database.external.direct.host | default (include "hamaynk.databaseHost" .) -}}
{{- else -}}
{{- include "hamaynk.databaseHost" . -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.directPort" -}}
{{- if and (eq .Values.database.mode "external") .Values.database.external.direct.host -}}
{{- .Values.database.external.direct.port -}}
{{- else -}}
{{- include "hamaynk.databasePort" . -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.redisHost" -}}
{{- if .Values.valkey.enabled -}}
{{- printf "%s-valkey" (include "hamaynk.fullname" .) -}}
{{- else -}}
{{- required "redis.external.host: where the external Valkey or Redis is" .Values.redis.external.host -}}
{{- end -}}
{{- end -}}

{{- define "hamaynk.redisPort" -}}
{{- if .Values.valkey.enabled -}}6379{{- else -}}{{- .Values.redis.external.port -}}{{- end -}}
{{- end -}}

{{- define "hamaynk.wildcardSecret" -}}
{{- .Values.certificates.wildcardSecret | default (printf "%s-wildcard-tls" (include "hamaynk.fullname" .)) -}}
{{- end -}}

{{/* Secret of the certificate of one domain. Takes root, domain. */}}
{{- define "hamaynk.domainSecret" -}}
{{- .domain.secretName | default (printf "%s-%s-tls" (include "hamaynk.fullname" .root) (.domain.host | replace "." "-" | trunc 180)) -}}
{{- end -}}

{{/* The claim with the towns' files. */}}
{{- define "hamaynk.mediaClaim" -}}
{{- .Values.media.persistence.existingClaim | default (printf "%s-media" (include "hamaynk.fullname" .)) -}}
{{- end -}}

{{/* As KEDA sees it, which is in another namespace. */}}
{{- define "hamaynk.redisAddress" -}}
{{- if .Values.valkey.enabled -}}
{{- printf "%s.%s.svc:6379" (include "hamaynk.redisHost" .) .Release.Namespace -}}
{{- else -}}
{{- printf "%s:%s" (include "hamaynk.redisHost" .) (include "hamaynk.redisPort" .) -}}
{{- end -}}
{{- end -}}
