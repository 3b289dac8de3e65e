export const route = (group: string) =>
  `namespace="shop", app="gateway", http_route="/api/${group}", http_request_method="GET"`
export const ok = 'http_response_status_code="200", error_type=""'
export const unavailable = 'http_response_status_code="503", error_type="503"'
export const duration = 'http_server_request_duration_seconds'
export const count = (group: string, end: string) => `${duration}_count{${route(group)}, ${end}}`
