{{/* What all pods have in common. */}}

{{/* Restricted, as the pod security standards say. */}}
{{- define "hamaynk.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.pod.userId }}
runAsGroup: {{ .Values.pod.userId }}
fsGroup: {{ .Values.pod.userId }}
# Only where the top of a volume is somebody else's: millions of files are not walked at each start.
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "hamaynk.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Labels and annotations of a pod. Takes root, component, and perhaps group, checksum. */}}
{{- define "hamaynk.podMetadata" -}}
labels:
  {{- /* No versions: a new chart with the same image and settings would replace every pod, Valkey's too. */}}
  {{- include "hamaynk.selector" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .component }}
  {{- with .group }}
  hamaynk/worker-group: {{ . }}
  {{- end }}
  {{- with .root.Values.pod.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- $annotations := merge (dict) .root.Values.pod.annotations }}
{{- with .checksum }}
{{- $annotations = set $annotations "checksum/settings" . }}
{{- end }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Everything of a pod but containers and volumes. Takes root, component, and perhaps group, serviceAccount, alone. */}}
{{- define "hamaynk.podSettings" -}}
serviceAccountName: {{ .serviceAccount | default (include "hamaynk.serviceAccount" .root) }}
automountServiceAccountToken: false
# Else a Service named "metrics" or "web" would set METRICS_PORT or WEB_PORT in each pod.
enableServiceLinks: false
securityContext:
  {{- include "hamaynk.podSecurity" .root | nindent 2 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.pod.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if and .root.Values.topologySpread.enabled (not .alone) }}
topologySpreadConstraints:
  {{- $given := . }}
  {{- range .root.Values.topologySpread.keys }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $given.root.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "hamaynk.selector" $given.root | nindent 8 }}
        app.kubernetes.io/component: {{ $given.component }}
        {{- with $given.group }}
        hamaynk/worker-group: {{ . }}
        {{- end }}
    # Old and new pods of an upgrade are not weighed against each other.
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
{{- end -}}

{{/* Probes of web: alive asks no database, ready asks database, migrations and registry. */}}
{{- define "hamaynk.webProbes" -}}
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 40
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* Probes of a process without a web port: its main loop, told on the port of the metrics; no database is asked. */}}
{{- define "hamaynk.loopProbes" -}}
startupProbe:
  httpGet: {path: /livez, port: metrics}
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 40
readinessProbe:
  httpGet: {path: /livez, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
livenessProbe:
  httpGet: {path: /livez, port: metrics}
  periodSeconds: 20
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* One process of the image. Takes root, process, resources, and perhaps owner, media, env (a list), probes (text),
     ports (text), preStop (seconds). */}}
{{- define "hamaynk.container" -}}
- name: {{ .process }}
  image: {{ include "hamaynk.ownImage" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args: [{{ .process }}]
  envFrom:
    - configMapRef: {name: {{ include "hamaynk.fullname" .root }}}
  env:
    {{- include "hamaynk.secretEnv" .root | nindent 4 }}
    {{- include "hamaynk.databaseEnv" . | nindent 4 }}
    {{- with .env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports:
    {{- with .ports }}
    {{- . | nindent 4 }}
    {{- end }}
    - {name: metrics, containerPort: {{ .root.Values.metricsPort }}}
  {{- .probes | nindent 2 }}
  {{- with .preStop }}
  lifecycle:
    preStop:
      sleep: {seconds: {{ . }}}
  {{- end }}
  resources:
    {{- toYaml .resources | nindent 4 }}
  securityContext:
    {{- include "hamaynk.containerSecurity" .root | nindent 4 }}
  volumeMounts:
    {{- include "hamaynk.mounts" . | nindent 4 }}
{{- end -}}

{{/* Changes when a setting does, so that pods are replaced. */}}
{{- define "hamaynk.checksum" -}}
{{- include "hamaynk.settings" . | sha256sum -}}
{{- end -}}
