package io.apus.shards;

/**
 * Where a record batch lies in its file.
 *
 * @param rows rows of it
 * @param bodyStart first byte of its body in the file
 * @param bodyLength bytes of its body
 * @param offsets first byte of each buffer in the body, in the schema's order
 * @param lengths bytes of each buffer
 */
@SuppressWarnings("ArrayRecordComponent") // a parsed header, never compared
record BatchLocation(int rows, long bodyStart, int bodyLength, long[] offsets, long[] lengths) {}
