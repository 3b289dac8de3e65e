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
{{- /* Puts values for the words that packages/monitoring/src/names.ts and generate.ts write into generated/; `namespaces` are those that a route is for. */ -}}
{{- define "observability.fill" -}}
{{- $values := .root.Values -}}
{{- $rules := $values.rules -}}
{{- $alertmanager := $values.alertmanager -}}
{{- $words := dict
  "RUNBOOKS" (trimSuffix "/" $rules.runbooksUrl)
  "GRAFANA" (trimSuffix "/" $rules.grafanaUrl)
  "SHOP_NAMESPACE" $values.shopNamespace
  "ROUTED_NAMESPACES" (.namespaces | default list | join "|")
  "TEAM_LABEL" $rules.team
  "SEVERITY_CRITICAL" $rules.severities.critical
  "SEVERITY_WARNING" $rules.severities.warning
  "SEVERITY_INFO" $rules.severities.info
  "DATABASE_RELEASE" $rules.database
  "LOKI_TENANT" $values.grafana.datasources.loki.tenant
  "GROUP_WAIT" $alertmanager.groupWait
  "GROUP_INTERVAL" $alertmanager.groupInterval
  "REPEAT_PAGES" $alertmanager.repeatInterval.pages
  "REPEAT_TICKETS" $alertmanager.repeatInterval.tickets
  "REPEAT_HEARTBEAT" $alertmanager.heartbeat.interval
-}}
{{- $jaeger := printf "http://%s-query.%s.svc:16686" $values.jaeger.name $values.jaeger.namespace -}}
{{- range $kind, $own := $values.grafana.datasources -}}
{{- $words = merge $words (dict (printf "%s_UID" (upper $kind)) $own.uid (printf "%s_URL" (upper $kind)) ($own.url | default $jaeger)) -}}
{{- end -}}
{{- $text := .text -}}
{{- range $word, $value := $words -}}
{{- $text = replace $word $value $text -}}
{{- end -}}
{{- trim $text -}}
{{- end }}
