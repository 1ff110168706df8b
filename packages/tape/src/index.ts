// The public surface of @truetape/tape; it grows with the first capability that needs it.
export {};
