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
{{- $text := .text -}}
{{- $values := .root.Values -}}
{{- $jaeger := printf "http://%s-query.%s.svc:16686" $values.jaeger.name $values.jaeger.namespace -}}
{{- range $kind, $own := $values.grafana.datasources -}}
{{- $text = $text | replace (printf "%s_UID" (upper $kind)) $own.uid | replace (printf "%s_URL" (upper $kind)) ($own.url | default $jaeger) -}}
{{- end -}}
{{- $text | replace "RUNBOOKS" (trimSuffix "/" $values.rules.runbooksUrl) | replace "GRAFANA" (trimSuffix "/" $values.rules.grafanaUrl) | replace "SHOP_NAMESPACE" $values.shopNamespace -}}
{{- end }}
