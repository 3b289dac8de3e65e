/** `critical` pages somebody, `warning` is a ticket for office hours, `info` is there to be read beside another alert. */
export type Severity = 'critical' | 'warning' | 'info'
