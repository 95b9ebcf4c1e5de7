package io.apus.spark.stage;

import io.apus.schemas.data.TokenRow;
import java.io.Serializable;

/** A tokenised sample on its way to the row that it was given. */
@SuppressWarnings("ArrayRecordComponent") // moved between tasks, never compared
record PackedPiece(String id, int[] inputIds, float[] lossWeights) implements Serializable {
    static PackedPiece of(TokenRow tokens) {
        return new PackedPiece(tokens.id(), tokens.inputIds(), tokens.lossWeights());
    }
}
