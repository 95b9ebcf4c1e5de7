package io.apus.corpus.tokenize;

import io.apus.schemas.data.Sample;
import io.apus.schemas.data.TokenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** ms-swift's {@code truncation_strategy}: what happens to a sample of more than {@code max_length} tokens. */
final class Truncation {
    private final String strategy;
    private final int maxLength;

    /** {@code strategy} is delete, left, right or split. */
    Truncation(String strategy, int maxLength) {
        this.strategy = strategy;
        this.maxLength = maxLength;
    }

    int maxLength() {
        return maxLength;
    }

    /** The rows of a sample; empty when it is over-long and deleted. Conversations are never split. */
    List<TokenRow> rows(Sample sample, int[] ids, float[] weights) {
        if (ids.length <= maxLength) {
            return List.of(row(sample, 0, ids, weights, 0, ids.length));
        }
        return switch (strategy) {
            case "right" -> List.of(row(sample, 0, ids, weights, 0, maxLength));
            case "left" -> List.of(row(sample, 0, ids, weights, ids.length - maxLength, ids.length));
            case "split" -> sample.isPlainText() ? parts(sample, ids, weights) : List.of();
            default -> List.of();
        };
    }

    /** Pieces of {@code maxLength}; the last but one gives up a token where a single one would be left, which could not be trained on. */
    private List<TokenRow> parts(Sample sample, int[] ids, float[] weights) {
        List<TokenRow> parts = new ArrayList<>();
        int start = 0;
        while (start < ids.length) {
            int end = Math.min(ids.length, start + maxLength);
            end = ids.length - end == 1 && maxLength > 2 ? end - 1 : end;
            parts.add(row(sample, parts.size(), ids, weights, start, end));
            start = end;
        }
        return parts;
    }

    /** The first token of a row has nothing before it to be predicted from. */
    private static TokenRow row(Sample sample, int part, int[] ids, float[] weights, int from, int to) {
        float[] own = Arrays.copyOfRange(weights, from, to);
        if (own.length > 0) {
            own[0] = 0;
        }
        return TokenRow.single(sample.key(), sample.split(), part, Arrays.copyOfRange(ids, from, to), own);
    }
}
