/** Spans that the receiver took, that it did not take, and that found the queue full, since the process started. */
export const exportStatus = { exported: 0, failed: 0, dropped: 0 }
