import type { Fault, FaultSetting } from '@hello/shop/api/fault'
import { queryOptions, useMutation } from '@tanstack/react-query'
import { ask } from './signals-api.ts'

const path = '/faults/api/faults'

export const listFaults = () =>
  queryOptions({ queryKey: ['faults'], queryFn: ({ signal }) => ask<Fault[]>(path, { signal }) })

export const useSetFault = () =>
  useMutation({
    mutationFn: ({ name, ...setting }: FaultSetting & { name: string }) =>
      ask<undefined>(`${path}/${name}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(setting),
      }),
  })

/** Heals the fault of this name, or all. */
export const useHealFault = () =>
  useMutation({
    mutationFn: (name: string | undefined) =>
      ask<undefined>(name === undefined ? path : `${path}/${name}`, { method: 'DELETE' }),
  })
