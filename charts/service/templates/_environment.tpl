{{- /* What the container learns from the chart. $(NAME) refers to a variable above it. */ -}}
{{- define "service.environment" -}}
{{- if ne .Values.kind "CronJob" }}
- name: HOST
  value: {{ .Values.listenAddress | quote }}
{{- if eq .Values.kind "Service" }}
- name: PORT
  value: {{ .Values.http.port | quote }}
{{- end }}
- name: MANAGEMENT_PORT
  value: {{ .Values.management.port | quote }}
{{- if eq .Values.kind "Service" }}
- name: ALLOWED_HOSTS
  value: {{ ternary (join "," (append .Values.http.allowedHosts .Release.Name)) "*" (not (empty .Values.http.allowedHosts)) | quote }}
{{- end }}
- name: SHUTDOWN_DELAY_MS
  value: {{ mul 1000 .Values.shutdown.delaySeconds | quote }}
{{- end }}
- name: K8S_NAMESPACE_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: K8S_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: K8S_NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
- name: OTEL_SERVICE_NAME
  value: {{ .Release.Name }}
{{- with .Values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: {{ include "service.resourceAttributes" . | quote }}
{{- if .Values.database.enabled }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.secretName | default (printf "postgres-%s" .Release.Name) }}
      key: {{ .Values.database.secretKey }}
{{- end }}
{{- range $service, $upstream := .Values.upstreams }}
- name: {{ $upstream.env }}
  value: {{ $upstream.url | default (printf "http://%s:%v" (compact (list $service $upstream.namespace) | join ".") $upstream.port) | quote }}
{{- end }}
{{- range $name, $value := .Values.env }}
{{- include "service.refuseManaged" (list "env" $name $.Values) }}
- name: {{ $name }}
  value: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }}
{{- end }}
{{- range $name, $source := .Values.secretEnv }}
{{- include "service.refuseManaged" (list "secretEnv" $name $.Values) }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $source.secretName }}
      key: {{ $source.secretKey }}
{{- end }}
{{- end }}

{{- define "service.resourceAttributes" -}}
service.version={{ include "service.tag" . }},
{{- "" }}service.instance.id=$(K8S_NAMESPACE_NAME).$(K8S_POD_NAME).{{ .Release.Name }},
{{- "" }}k8s.namespace.name=$(K8S_NAMESPACE_NAME),
{{- "" }}k8s.pod.name=$(K8S_POD_NAME),
{{- "" }}k8s.node.name=$(K8S_NODE_NAME),
{{- "" }}k8s.{{ ternary "cronjob" "deployment" (eq .Values.kind "CronJob") }}.name={{ .Release.Name }},
{{- "" }}k8s.container.name={{ .Release.Name }}
{{- range $name, $value := .Values.telemetry.resourceAttributes }},{{ $name }}={{ $value }}{{ end }}
{{- end }}

{{- /* Two entries of one name: which one counts would be a guess. */ -}}
{{- define "service.refuseManaged" -}}
{{- $map := index . 0 }}{{ $name := index . 1 }}{{ $values := index . 2 }}
{{- $managed := dict
  "OTEL_SERVICE_NAME" "it is the release's name"
  "OTEL_EXPORTER_OTLP_ENDPOINT" "set telemetry.otlpEndpoint"
  "OTEL_RESOURCE_ATTRIBUTES" "set telemetry.resourceAttributes" }}
{{- if ne $values.kind "CronJob" }}
{{- $managed = merge $managed (dict "HOST" "set listenAddress" "MANAGEMENT_PORT" "set management.port" "SHUTDOWN_DELAY_MS" "set shutdown.delaySeconds") }}
{{- end }}
{{- if eq $values.kind "Service" }}
{{- $managed = merge $managed (dict "PORT" "set http.port" "ALLOWED_HOSTS" "set http.allowedHosts") }}
{{- end }}
{{- if $values.database.enabled }}{{ $_ := set $managed "DATABASE_URL" "set database.secretName and database.secretKey" }}{{ end }}
{{- range $service, $upstream := $values.upstreams }}{{ $_ := set $managed $upstream.env (printf "upstreams.%s sets it" $service) }}{{ end }}
{{- if eq $map "secretEnv" }}{{ range $other, $_ := $values.env }}{{ $_ := set $managed $other (printf "env.%s sets it" $other) }}{{ end }}{{ end }}
{{- with get $managed $name }}{{ fail (printf "%s.%s cannot be set here: %s" $map $name .) }}{{ end }}
{{- end }}
