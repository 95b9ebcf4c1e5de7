package io.apus.spark.stage;

import io.apus.schemas.data.TokenRow;
import java.io.Serializable;

/** A tokenised sample on its way to the row that it was given. */
@SuppressWarnings("ArrayRecordComponent") // moved between tasks, never compared
record PackedPiece(String id, int[] inputIds, float[] lossWeights) implements Serializable {
    static PackedPiece of(TokenRow tokens) {
        String id = tokens.key().id() + (tokens.part() == 0 ? "" : "/" + tokens.part());
        return new PackedPiece(id, tokens.inputIds(), tokens.lossWeights());
    }
}
