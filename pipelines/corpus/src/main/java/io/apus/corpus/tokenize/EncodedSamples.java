package io.apus.corpus.tokenize;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.TokenRow;
import java.util.List;

/**
 * What became of some samples: every sample has at least one row, or one reject.
 *
 * @param rows in the order of the samples; a split sample has several with ascending parts
 * @param rejects in the order of the samples
 */
public record EncodedSamples(List<TokenRow> rows, List<Reject> rejects) {
    public EncodedSamples {
        rows = List.copyOf(rows);
        rejects = List.copyOf(rejects);
    }
}
