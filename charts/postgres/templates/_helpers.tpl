{{- /* Called with (list $ component): the chart's pods differ by component. */ -}}
{{- define "postgres.selectorLabels" -}}
app.kubernetes.io/name: {{ (index . 0).Release.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "postgres.labels" -}}
{{ include "postgres.selectorLabels" . }}
{{- with index . 0 }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- end }}

{{- define "postgres.image" -}}
{{ .repository }}:{{ .tag }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}

{{- /* Called with (list $ secret): the password that the Secret has, or a new one. */ -}}
{{- define "postgres.password" -}}
{{- $existing := lookup "v1" "Secret" (index . 0).Release.Namespace (index . 1) -}}
{{- if $existing }}{{ index $existing.data "password" | b64dec }}{{ else }}{{ randAlphaNum 32 }}{{ end }}
{{- end }}

{{- define "postgres.host" -}}
{{ ternary .Values.externalDatabase.host .Release.Name .Values.externalDatabase.enabled }}
{{- end }}

{{- /* What the services connect to. */ -}}
{{- define "postgres.clientHost" -}}
{{- $external := .Values.externalDatabase -}}
{{ and $external.enabled $external.pooler.host | default (include "postgres.host" .) }}
{{- end }}

{{- define "postgres.port" -}}
{{ ternary .Values.externalDatabase.port 5432 .Values.externalDatabase.enabled }}
{{- end }}

{{- define "postgres.sslMode" -}}
{{ ternary .Values.externalDatabase.sslMode "disable" .Values.externalDatabase.enabled }}
{{- end }}

{{- /* Node's pg reads "require" as libpq does only when asked to. */ -}}
{{- define "postgres.urlParameters" -}}
{{- $mode := include "postgres.sslMode" . -}}
{{- if eq $mode "require" }}?sslmode=require&uselibpqcompat=true{{ else if ne $mode "disable" }}?sslmode={{ $mode }}{{ end }}
{{- end }}

{{- /* libpq's environment of a job. */ -}}
{{- define "postgres.connection" -}}
- name: PGHOST
  value: {{ include "postgres.host" . }}
- name: PGPORT
  value: {{ include "postgres.port" . | quote }}
- name: PGSSLMODE
  value: {{ include "postgres.sslMode" . }}
{{- if eq (include "postgres.sslMode" .) "verify-full" }}
- name: PGSSLROOTCERT
  value: system
{{- end }}
{{- end }}

{{- define "postgres.imagePullSecrets" -}}
{{- with .Values.imagePullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* 999 is the user postgres of the official image. */ -}}
{{- define "postgres.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 999
runAsGroup: 999
fsGroup: 999
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "postgres.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
