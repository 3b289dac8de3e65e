{{- /* The pod template of the Deployment or of the CronJob's jobs. */ -}}
{{- define "service.podTemplate" -}}
{{- $ports := include "service.ports" . | fromYaml -}}
metadata:
  labels:
    {{- include "service.selectorLabels" . | nindent 4 }}
    {{- with include "service.ownLabels" (list . "podLabels" .Values.podLabels) }}
    {{- . | nindent 4 }}
    {{- end }}
  annotations:
    {{- $annotations := dict "kubectl.kubernetes.io/default-container" .Release.Name }}
    {{- with .Values.configFiles }}
    {{- $_ := set $annotations "checksum/config-files" (toJson . | sha256sum) }}
    {{- end }}
    {{- toYaml (merge (dict) .Values.podAnnotations $annotations) | nindent 4 }}
spec:
  serviceAccountName: {{ .Release.Name }}
  automountServiceAccountToken: false
  # Without it every Service of the namespace becomes environment variables, `PORT`-like names among them.
  enableServiceLinks: false
  {{- with include "service.imagePullSecrets" . }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if eq .Values.kind "CronJob" }}
  restartPolicy: Never
  terminationGracePeriodSeconds: {{ .Values.shutdown.drainSeconds }}
  {{- else }}
  terminationGracePeriodSeconds: {{ add .Values.shutdown.preStopSeconds (mul 4 .Values.shutdown.delaySeconds) .Values.shutdown.drainSeconds }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    {{- include "service.podSecurityContext" . | nindent 4 }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- include "service.rawContainers" (list $ .) | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .Release.Name }}
      image: {{ include "service.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      {{- with .Values.command }}
      command:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.args }}
      args:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      env:
        {{- include "service.environment" . | trim | nindent 8 }}
      {{- with .Values.envFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $ports }}
      ports:
        {{- range $name, $port := . }}
        - name: {{ $name }}
          containerPort: {{ $port }}
        {{- end }}
      {{- end }}
      {{- if and .Values.probes.enabled $ports }}
      {{- include "service.probes" . | nindent 6 }}
      {{- end }}
      {{- with .Values.shutdown.preStopSeconds }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ . }}
      {{- end }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- include "service.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- range $path, $_ := .Values.configFiles }}
        - name: config-files
          mountPath: {{ $path }}
          subPath: {{ include "service.configFileKey" $path }}
          readOnly: true
        {{- end }}
        {{- with .Values.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.extraContainers }}
    {{- include "service.rawContainers" (list $ .) | nindent 4 }}
    {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: {{ .Values.tmpSize }}
    {{- if .Values.configFiles }}
    - name: config-files
      configMap:
        name: {{ .Release.Name }}
    {{- end }}
    {{- with .Values.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if ne .Values.kind "CronJob" }}
  # Not the zone too: a node without one label of these would count for none of them.
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "service.selectorLabels" . | nindent 10 }}
      matchLabelKeys: [pod-template-hash]
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.affinity }}
  affinity:
    {{- toYaml .Values.affinity | nindent 4 }}
  {{- else if ne .Values.kind "CronJob" }}
  affinity:
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: topology.kubernetes.io/zone
            labelSelector:
              matchLabels:
                {{- include "service.selectorLabels" . | nindent 16 }}
            matchLabelKeys: [pod-template-hash]
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "service.probes" -}}
{{- $port := include "service.managementPort" . -}}
startupProbe:
  httpGet:
    path: {{ .Values.probes.livenessPath }}
    port: {{ $port }}
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: {{ .Values.probes.startupSeconds }}
livenessProbe:
  httpGet:
    path: {{ .Values.probes.livenessPath }}
    port: {{ $port }}
  periodSeconds: 10
  timeoutSeconds: 2
readinessProbe:
  httpGet:
    path: {{ .Values.probes.readinessPath }}
    port: {{ $port }}
  periodSeconds: 5
  timeoutSeconds: 2
  failureThreshold: 2
{{- end }}

{{- /* Called with (list $ containers): as Kubernetes knows them, with the chart's security where they say nothing of it. */ -}}
{{- define "service.rawContainers" -}}
{{- $security := include "service.containerSecurityContext" (index . 0) | fromYaml }}
{{- $containers := deepCopy (index . 1) }}
{{- range $containers }}
{{- if not (hasKey . "securityContext") }}{{ $_ := set . "securityContext" $security }}{{ end }}
{{- end }}
{{- toYaml $containers }}
{{- end }}
