{{/* What the processes read: environment, files with secrets, volumes. */}}

{{/* Variables of all processes: the ConfigMap, and word for word in the jobs that run before there is a ConfigMap. */}}
{{- define "hamaynk.settings" -}}
HAMAYNK_VAR: /var/lib/hamaynk
DEPLOYMENT: {{ .Values.deployment | quote }}
BASE_DOMAIN: {{ .Values.baseDomain | quote }}
TRUSTED_PROXIES: {{ .Values.trustedProxies | quote }}
LOG_LEVEL: {{ .Values.logLevel | quote }}
METRICS_PORT: {{ .Values.metricsPort | quote }}
PGSSLMODE: {{ .Values.database.sslMode | quote }}
{{- if include "hamaynk.hasDatabaseCa" . }}
PGSSLROOTCERT: /run/secrets/database-ca/ca.crt
{{- else if eq .Values.database.sslMode "verify-full" }}
PGSSLROOTCERT: system
{{- end }}
{{- if .Values.database.citus.enabled }}
DATABASE_TOWN_CONNECTION_LIMIT: {{ .Values.database.citus.townConnectionLimit | quote }}
{{- end }}
{{- if .Values.email.host }}
EMAIL_HOST: {{ .Values.email.host | quote }}
EMAIL_PORT: {{ .Values.email.port | quote }}
EMAIL_USE_TLS: {{ ternary "yes" "no" .Values.email.tls | quote }}
{{- end }}
{{- with .Values.email.user }}
EMAIL_HOST_USER: {{ . | quote }}
{{- end }}
{{- with .Values.email.from }}
DEFAULT_FROM_EMAIL: {{ . | quote }}
{{- end }}
LINK_CHECK_OUTSIDE: {{ ternary "yes" "no" .Values.networkPolicy.egress.linkChecks | quote }}
{{- if .Values.otel.enabled }}
OTEL_ENABLED: "yes"
OTEL_SERVICE_NAME: hamaynk
OTEL_EXPORTER_OTLP_ENDPOINT: {{ .Values.otel.endpoint | quote }}
OTEL_EXPORTER_OTLP_PROTOCOL: {{ .Values.otel.protocol | quote }}
OTEL_TRACES_SAMPLER: {{ .Values.otel.sampler | quote }}
OTEL_TRACES_SAMPLER_ARG: {{ .Values.otel.samplerArg | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "hamaynk.hasDatabaseCa" -}}
{{- if or (eq .Values.database.mode "cloudnativepg") .Values.database.external.ca.configMap .Values.database.external.ca.secret -}}
yes
{{- end -}}
{{- end -}}

{{/* Variables that name the files with secrets. */}}
{{- define "hamaynk.secretEnv" -}}
- {name: SECRET_KEY_FILE, value: /run/secrets/hamaynk/secret-key}
- {name: TOWN_ROLE_SECRET_FILE, value: /run/secrets/hamaynk/town-role-secret}
- {name: REDIS_URL_FILE, value: /run/secrets/hamaynk/redis-url}
{{- if .Values.email.user }}
- {name: EMAIL_HOST_PASSWORD_FILE, value: /run/secrets/hamaynk/email-password}
{{- end }}
{{- end -}}

{{/* Where the database is: with nobody to sign in as, or (owner) as its owner and past any pooler. Takes root, owner. */}}
{{- define "hamaynk.databaseEnv" -}}
{{- if .owner -}}
- {name: DATABASE_URL_FILE, value: /run/secrets/hamaynk-owner/owner-database-url}
- {name: DATABASE_POOLED, value: "no"}
{{- else -}}
- name: DATABASE_URL
  value: {{ printf "postgres://%s:%s/%s" (include "hamaynk.databaseHost" .root) (include "hamaynk.databasePort" .root) .root.Values.database.name | quote }}
- name: DATABASE_POOLED
  value: {{ ternary "yes" "no" (and (eq .root.Values.database.mode "external") .root.Values.database.external.pooled) | quote }}
{{- end }}
{{- end -}}

{{/* Takes root; owner, media (whether it sees them); appSecret, ownerSecret (names, where they are not the usual ones). */}}
{{- define "hamaynk.volumes" -}}
{{- $keys := .root.Values.secrets.keys -}}
- name: tmp
  emptyDir: {medium: Memory, sizeLimit: 256Mi}
- name: secrets
  secret:
    secretName: {{ .appSecret | default (include "hamaynk.appSecret" .root) }}
    defaultMode: 0440
    items:
      - {key: {{ $keys.secretKey }}, path: secret-key}
      - {key: {{ $keys.townRoleSecret }}, path: town-role-secret}
      - {key: {{ $keys.redisUrl }}, path: redis-url}
      {{- if .root.Values.email.user }}
      - {key: {{ $keys.emailPassword }}, path: email-password}
      {{- end }}
{{- if .owner }}
- name: owner
  secret:
    secretName: {{ .ownerSecret | default (include "hamaynk.ownerSecret" .root) }}
    defaultMode: 0440
    items:
      - {key: {{ include "hamaynk.ownerKey" .root }}, path: owner-database-url}
{{- end }}
{{- if include "hamaynk.hasDatabaseCa" .root }}
{{- $ca := .root.Values.database.external.ca }}
- name: database-ca
  {{- if eq .root.Values.database.mode "cloudnativepg" }}
  secret:
    secretName: {{ include "hamaynk.postgres" .root }}-ca
    defaultMode: 0440
    items: [{key: ca.crt, path: ca.crt}]
  {{- else if $ca.configMap }}
  configMap:
    name: {{ $ca.configMap }}
    items: [{key: {{ $ca.key }}, path: ca.crt}]
  {{- else }}
  secret:
    secretName: {{ $ca.secret }}
    defaultMode: 0440
    items: [{key: {{ $ca.key }}, path: ca.crt}]
  {{- end }}
{{- end }}
{{- if .media }}
- name: media
  {{- if .root.Values.media.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ include "hamaynk.mediaClaim" .root }}
  {{- else }}
  emptyDir: {sizeLimit: 2Gi}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The same, where they are mounted. */}}
{{- define "hamaynk.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: secrets, mountPath: /run/secrets/hamaynk, readOnly: true}
{{- if .owner }}
- {name: owner, mountPath: /run/secrets/hamaynk-owner, readOnly: true}
{{- end }}
{{- if include "hamaynk.hasDatabaseCa" .root }}
- {name: database-ca, mountPath: /run/secrets/database-ca, readOnly: true}
{{- end }}
{{- if .media }}
- {name: media, mountPath: /var/lib/hamaynk/media}
{{- end }}
{{- end -}}
