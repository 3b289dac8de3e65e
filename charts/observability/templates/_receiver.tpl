{{- /* What a receiver sends to whom: `urgency` is pages or tickets. */ -}}
{{- define "observability.receiver" -}}
{{- $urgency := .urgency -}}
{{- $texts := .root.Files.Get (printf "generated/notifications/%s.yaml" .root.Values.alertmanager.language) | fromYaml -}}
{{- with .root.Values.alertmanager -}}
{{- if and .slack.secret (index .slack.keys $urgency) }}
slackConfigs:
  - apiURL: {name: {{ .slack.secret }}, key: {{ index .slack.keys $urgency }}}
    sendResolved: true
    {{- toYaml $texts.slack | nindent 4 }}
{{- end }}
{{- if and .email.smarthost (index .email.to $urgency) }}
emailConfigs:
  - to: {{ index .email.to $urgency | quote }}
    from: {{ .email.from | quote }}
    smarthost: {{ .email.smarthost | quote }}
    {{- if .email.secret }}
    authUsername: {{ .email.username | quote }}
    authPassword: {name: {{ .email.secret }}, key: {{ .email.key }}}
    {{- end }}
    requireTLS: {{ .email.requireTls }}
    sendResolved: true
    {{- toYaml $texts.email | nindent 4 }}
{{- end }}
{{- if and .webhook.secret (index .webhook.keys $urgency) }}
webhookConfigs:
  - urlSecret: {name: {{ .webhook.secret }}, key: {{ index .webhook.keys $urgency }}}
    sendResolved: true
{{- end }}
{{- end }}
{{- end }}
