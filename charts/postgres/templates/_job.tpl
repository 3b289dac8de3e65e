{{- /*
  A pod that runs one of files/*.sh against the server. Called with (dict "root" $ "component" "backup" "script" "backup.sh"
  "env" <list> "backups" <bool> "admin" <bool>): backups mounts their volume, admin adds the exporter's credentials.
*/ -}}
{{- define "postgres.jobPod" -}}
metadata:
  labels:
    {{- include "postgres.selectorLabels" (list .root .component) | nindent 4 }}
spec:
  {{- include "postgres.jobPodSpec" . | nindent 2 }}
{{- end }}

{{- define "postgres.jobPodSpec" -}}
restartPolicy: Never
serviceAccountName: {{ .root.Release.Name }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with include "postgres.imagePullSecrets" .root }}
{{ . }}
{{- end }}
securityContext:
  {{- include "postgres.podSecurityContext" .root | nindent 2 }}
{{- if .backups }}
# The backups' volume is attached to the database's node.
affinity:
  podAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "postgres.selectorLabels" (list .root "database") | nindent 12 }}
{{- end }}
containers:
  - name: {{ .component }}
    image: {{ include "postgres.image" .root.Values.image }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    command: [bash, /scripts/{{ .script }}]
    env:
      {{- include "postgres.connection" .root | nindent 6 }}
      - name: DATABASES
        value: {{ join " " .root.Values.databases }}
      {{- with .env }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    resources:
      requests:
        cpu: 20m
        memory: 32Mi
      limits:
        cpu: "1"
        memory: 256Mi
    securityContext:
      {{- include "postgres.containerSecurityContext" .root | nindent 6 }}
    volumeMounts:
      - name: scripts
        mountPath: /scripts
      - name: credentials
        mountPath: /credentials
      - name: tmp
        mountPath: /tmp
      {{- if .backups }}
      - name: backups
        mountPath: /backups
      {{- end }}
volumes:
  - name: scripts
    configMap:
      name: {{ .root.Release.Name }}-scripts
  - name: credentials
    projected:
      defaultMode: 0440
      sources:
        {{- $names := .root.Values.databases }}
        {{- if and .admin .root.Values.exporter.enabled }}
        {{- $names = append $names "exporter" }}
        {{- end }}
        {{- range $names }}
        - secret:
            name: {{ $.root.Release.Name }}-{{ . }}
            items:
              - key: password
                path: {{ . }}/password
        {{- end }}
  - name: tmp
    emptyDir: {}
  {{- if .backups }}
  - name: backups
    persistentVolumeClaim:
      claimName: {{ .root.Release.Name }}-backups
  {{- end }}
{{- end }}
