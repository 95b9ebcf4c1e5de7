package io.apus.train.checkpoint;

import io.apus.tensor.DType;

/**
 * Where a piece lies.
 *
 * @param section whose tensor it is: the parameters', the optimiser's
 * @param file within the checkpoint's folder
 * @param begin its first byte in the file
 */
record StoredPiece(String section, Piece piece, DType dtype, String file, long begin) {}
