import type { Names } from '@hello/monitoring/names'
import type { Plan, StackPlan } from '../shop/plan.ts'

/** How one program of the stack is started. */
export interface StackProgram {
  args: string[]
  env?: Record<string, string>
  /** What it reads, by path below its folder. */
  files?: Record<string, string>
  /** Answers 2xx when it is ready. */
  readyUrl: string
}

/** What a program is told of what is around it. */
export interface StackSurroundings {
  plan: Plan
  stack: StackPlan
  /** Where it keeps its files and its data. */
  folder: string
  /** What rules, dashboards and datasources call things here. */
  names: Names
  /** How many times faster than the cluster's its time runs. */
  timeScale: number
}
