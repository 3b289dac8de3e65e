/** What the dashboards ask of programs that are not the shop's, by program. */
export const outsideMetrics = {
  prometheus: [
    'up',
    'ALERTS',
    'scrape_duration_seconds',
    'scrape_samples_post_metric_relabeling',
    'prometheus_tsdb_head_series',
    'prometheus_tsdb_head_samples_appended_total',
    'prometheus_rule_group_last_duration_seconds',
  ],
  loki: ['loki_distributor_bytes_received_total'],
  'kube-state-metrics': [
    'kube_deployment_spec_replicas',
    'kube_deployment_status_observed_generation',
    'kube_deployment_status_replicas_available',
    'kube_pod_container_resource_limits',
    'kube_pod_container_status_ready',
    'kube_pod_container_status_restarts_total',
    'kube_pod_status_phase',
  ],
  cAdvisor: ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes'],
  node_exporter: [
    'node_cpu_seconds_total',
    'node_filesystem_avail_bytes',
    'node_filesystem_size_bytes',
    'node_load1',
    'node_memory_MemAvailable_bytes',
    'node_memory_MemTotal_bytes',
  ],
  k6: [
    'k6_checks_rate',
    'k6_http_req_duration_p99',
    'k6_http_req_failed_rate',
    'k6_http_reqs_total',
    'k6_iterations_total',
    'k6_vus',
  ],
}
