import { stackPorts } from './designed-ports.ts'
import type { StackPlan } from './plan.ts'

/** Base URLs of what people and tests ask; without what is not on this machine. */
export interface StackUrls {
  prometheus?: string
  alertmanager?: string
  loki?: string
  jaeger?: string
  grafana?: string
}

const shown = {
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  loki: 'loki',
  jaeger: 'jaeger-all-in-one',
  grafana: 'grafana',
} as const

export function stackUrls({ programs, ports }: StackPlan): StackUrls {
  return Object.fromEntries(
    Object.entries(shown).flatMap(([name, program]) =>
      programs[program] ? [[name, `http://127.0.0.1:${ports[program].http}`]] : [],
    ),
  )
}

/** Names of the programs that are not on this machine. */
export const missingPrograms = ({ programs }: StackPlan): string[] =>
  Object.keys(stackPorts).filter((name) => !(name in programs))
