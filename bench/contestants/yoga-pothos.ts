import { servePothos } from './support/serve-pothos.ts'

/** Yoga, Pothos, and a DataLoader over one MGET: the plain way. */
servePothos([])
