import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder } from '../builder.ts'

const isoDate = z.iso.date()
const isoInstant = z.iso.datetime({ offset: true })

builder.scalarType('DateTime', {
  description: 'An instant, ISO 8601 in UTC, such as `2026-11-24T09:30:00.000Z`.',
  serialize: (milliseconds) => new Date(milliseconds).toISOString(),
  parseValue: (value) => {
    const parsed = isoInstant.safeParse(value)
    if (!parsed.success) throw new GraphQLError('Expected an instant such as 2026-11-24T09:30:00Z.')
    return Date.parse(parsed.data)
  },
})

builder.scalarType('Date', {
  description: 'A calendar date, ISO 8601, such as `2026-11-24`.',
  serialize: (date) => date,
  parseValue: (value) => {
    const parsed = isoDate.safeParse(value)
    if (!parsed.success) throw new GraphQLError('Expected a calendar date such as 2026-11-24.')
    return parsed.data
  },
})
