{{- define "observability.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: shop
{{- end }}
{{- define "observability.monitorLabels" -}}
{{ include "observability.labels" . }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- /* Puts values for the words that packages/monitoring/src/names.ts writes into generated/. */ -}}
{{- define "observability.fill" -}}
{{- $rules := .root.Values.rules -}}
{{- .text | replace "RUNBOOKS/" (printf "%s/" (trimSuffix "/" $rules.runbooksUrl)) | replace "GRAFANA/" (printf "%s/" (trimSuffix "/" $rules.grafanaUrl)) | replace "SHOP_NAMESPACE" .root.Values.shopNamespace -}}
{{- end }}
