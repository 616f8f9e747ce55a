/**
 * The same text, in memory of its own. V8 makes a piece of a long text a window on all of it, and a text that was put
 * together a tree of its pieces; to be kept, either would keep what it was made of. For well-formed texts: a lone
 * surrogate would be replaced.
 */
export const ownText = (text: string): string => Buffer.from(text).toString()
