import type { Lab, LabAnswer, LabHint, RunningLab } from '@hello/shop/api/lab'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { appConfigOptions } from '../../shared/app-config.ts'
import { useLive } from './live.tsx'
import { ask } from './signals-api.ts'

const path = '/lab/api'

/** The lab that is under way; null where none is. */
const getLab = () =>
  queryOptions({
    queryKey: ['lab'],
    queryFn: async ({ signal }) => (await ask<RunningLab>(`${path}/lab`, { signal })).lab,
  })

/** A program that ends a lab is gone within two seconds: who asks less often does not see how it ended. */
const REFRESH_MS = 1000

export function useLab() {
  const { live } = useLive()
  const { data: config } = useQuery(appConfigOptions)
  return useQuery({ ...getLab(), refetchInterval: live && REFRESH_MS, enabled: config?.lab === true })
}

/** Whether somebody is finding out what is broken, so that no other view gives it away; undefined until it is known. */
export function useIsLabUnderWay(): boolean | undefined {
  const { data: config } = useQuery(appConfigOptions)
  const { data: lab } = useLab()
  if (config && !config.lab) return false
  return lab === undefined ? undefined : lab?.end === null
}

type Change = { hint: LabHint } | { answer: LabAnswer } | { giveUp: true }

function send(change: Change): Promise<Lab> {
  if ('giveUp' in change) return ask<Lab>(`${path}/lab`, { method: 'DELETE' })
  const [what, body] = 'hint' in change ? ['hints', change.hint] : ['answers', change.answer]
  const headers = { 'content-type': 'application/json' }
  return ask<Lab>(`${path}/${what}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

export function useChangeLab() {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSuccess: (lab) => client.setQueryData(getLab().queryKey, lab) })
}
