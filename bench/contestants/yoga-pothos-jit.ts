import { useGraphQlJit } from '@envelop/graphql-jit'
import { servePothos } from './support/serve-pothos.ts'

/** Yoga, Pothos, a DataLoader over one MGET, and graphql-jit. */
servePothos([useGraphQlJit()])
