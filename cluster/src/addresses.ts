/** Where a person finds what runs in the cluster, through kind-config.yaml's mapped ports. */
export const addresses = [
  { name: 'Shop', url: 'http://localhost:3001', probe: '/', note: '' },
  { name: 'Gateway', url: 'http://localhost:8080', probe: '/health', note: '/api/products, /docs' },
  { name: 'Grafana', url: 'http://localhost:3000', probe: '/api/health', note: 'admin / admin' },
  { name: 'Prometheus', url: 'http://localhost:9090', probe: '/-/ready', note: '' },
  { name: 'Alertmanager', url: 'http://localhost:9093', probe: '/-/ready', note: '' },
  { name: 'Jaeger', url: 'http://localhost:16686', probe: '/', note: '' },
  { name: 'Loki', url: 'http://localhost:3100', probe: '/ready', note: 'an API; its lines are in Grafana, Explore' },
]
