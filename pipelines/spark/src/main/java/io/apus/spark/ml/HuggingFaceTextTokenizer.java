package io.apus.spark.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Text to tokens as the vocabulary writes them: a string column to an array of strings, the special tokens around a text included. Takes the
 * place of DJL's {@code HuggingFaceTextTokenizer} (since DJL 0.23 {@code TextTokenizer}).
 */
public final class HuggingFaceTextTokenizer extends TokenizerStage<HuggingFaceTextTokenizer> {
    private static final long serialVersionUID = 1L;

    private static final class Reader implements DefaultParamsReadable<HuggingFaceTextTokenizer> {}

    public HuggingFaceTextTokenizer() {
        this(Identifiable$.MODULE$.randomUID("HuggingFaceTextTokenizer"));
    }

    public HuggingFaceTextTokenizer(String uid) {
        super(uid);
    }

    public static MLReader<HuggingFaceTextTokenizer> read() {
        return new Reader().read();
    }

    public static HuggingFaceTextTokenizer load(String path) {
        return read().load(path);
    }

    /** The same as {@link #transform}. */
    public Dataset<Row> tokenize(Dataset<?> dataset) {
        return transform(dataset);
    }

    @Override
    HuggingFaceTextTokenizer self() {
        return this;
    }

    @Override
    String inputType() {
        return "string";
    }

    @Override
    boolean accepts(DataType type) {
        return type.equals(DataTypes.StringType);
    }

    @Override
    DataType outputType() {
        return DataTypes.createArrayType(DataTypes.StringType);
    }

    @Override
    BatchWork work() {
        return HuggingFaceTextTokenizer::tokens;
    }

    private static List<?> tokens(LoadedTokenizer tokenizer, List<Row> rows, int column) {
        return Encodings.of(tokenizer, rows, column).stream()
                .map(ids -> Arrays.stream(tokenizer.frame().ids(ids))
                        .mapToObj(tokenizer.spellings()::of)
                        .toArray())
                .toList();
    }
}
