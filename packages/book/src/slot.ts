/** Slots, levels and nodes are small integers, reused once freed; this one is none of them. */
export const NO_SLOT = -1;
