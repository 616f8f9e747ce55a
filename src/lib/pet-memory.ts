/** What a process remembers of pets, as seen by whoever makes it forget those that were deleted. */
export type PetMemory = {
  /** The pets of which something is remembered; some may come twice. */
  petIds(): Iterable<string>
  /** Returns how many things were dropped. */
  forgetPets(gone: ReadonlySet<string>): number
}
