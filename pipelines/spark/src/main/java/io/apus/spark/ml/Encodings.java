package io.apus.spark.ml;

import io.apus.corpus.tokenize.Encoded;
import java.util.List;
import org.apache.spark.sql.Row;

/** Encodes a column of texts. */
final class Encodings {
    private Encodings() {}

    /** The ids of each text's own tokens, without special tokens around them. */
    static List<int[]> of(LoadedTokenizer tokenizer, List<Row> rows, int column) {
        List<String> texts = rows.stream().map(row -> row.getString(column)).toList();
        return tokenizer.tokenizer().encode(texts).stream().map(Encoded::ids).toList();
    }
}
