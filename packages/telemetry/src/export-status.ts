/** Spans that the trace exporter delivered and lost since the process started. */
export const exportStatus = { exported: 0, failed: 0 }
