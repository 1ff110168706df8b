// The public surface of @truetape/host; it grows with the first capability that needs it.
export {};
