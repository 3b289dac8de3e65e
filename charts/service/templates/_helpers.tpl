{{- define "service.selectorLabels" -}}
app.kubernetes.io/name: {{ .Release.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "service.labels" -}}
{{ include "service.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Called with (list $ name labels): labels of the user's own. One of the chart's would take the object out of its selectors. */ -}}
{{- define "service.ownLabels" -}}
{{- range $name, $_ := include "service.labels" (index . 0) | fromYaml }}
{{- if hasKey (index $ 2) $name }}{{ fail (printf "%s.%s cannot be set: the chart's selectors need its own" (index $ 1) $name) }}{{ end }}
{{- end }}
{{- with index . 2 }}{{ toYaml . }}{{ end }}
{{- end }}

{{- define "service.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "service.image" -}}
{{ .Values.image.repository }}:{{ include "service.tag" . }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{- /* Name of the port with probes and metrics; a service with one port has them on http. */ -}}
{{- define "service.managementPort" -}}
{{ ternary "http" "management" (and (eq .Values.kind "Service") (eq (int .Values.http.port) (int .Values.management.port))) }}
{{- end }}

{{- /* The ports that the container has, `name: number`; none for a worker without probes and metrics. */ -}}
{{- define "service.ports" -}}
{{- if eq .Values.kind "Service" }}
http: {{ .Values.http.port }}
{{- end }}
{{- $wanted := or (eq .Values.kind "Service") .Values.probes.enabled .Values.serviceMonitor.enabled }}
{{- if and $wanted (ne .Values.kind "CronJob") (eq (include "service.managementPort" .) "management") }}
management: {{ .Values.management.port }}
{{- end }}
{{- end }}

{{- /* Key of a file in the ConfigMap, from its path alone: a pod of the version before finds its files still. */ -}}
{{- define "service.configFileKey" -}}
{{ sha256sum . | trunc 8 }}-{{ base . }}
{{- end }}

{{- define "service.imagePullSecrets" -}}
{{- with .Values.imagePullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "service.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.security.runAsUser }}
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "service.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ .Values.security.readOnlyRootFilesystem }}
capabilities:
  drop: [ALL]
{{- end }}
