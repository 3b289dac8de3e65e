import type { AlertList, NewSilence, Silence } from '@hello/shop/api/alert'
import { queryOptions, useMutation } from '@tanstack/react-query'
import { ask } from './signals-api.ts'

export const listAlerts = () =>
  queryOptions({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => ask<AlertList>('/alerts/api/alerts', { signal }),
  })

export const listSilences = () =>
  queryOptions({
    queryKey: ['silences'],
    queryFn: ({ signal }) => ask<Silence[]>('/alerts/api/silences', { signal }),
  })

export const useSilence = () =>
  useMutation({
    mutationFn: (silence: NewSilence) =>
      ask<{ id: string }>('/alerts/api/silences', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(silence),
      }),
  })

export const useEndSilence = () =>
  useMutation({ mutationFn: (id: string) => ask<undefined>(`/alerts/api/silences/${id}`, { method: 'DELETE' }) })
