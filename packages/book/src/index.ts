// The public surface of @truetape/book.
export {};
