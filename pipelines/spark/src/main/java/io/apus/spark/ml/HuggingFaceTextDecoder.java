package io.apus.spark.ml;

import io.apus.schemas.UserError;
import java.util.List;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Token ids to text: a column of {@code array<bigint>} or {@code array<int>} to a string, special tokens written out. Takes the place of DJL's
 * {@code HuggingFaceTextDecoder} (since DJL 0.23 {@code TextDecoder}).
 */
public final class HuggingFaceTextDecoder extends TokenizerStage<HuggingFaceTextDecoder> {
    private static final long serialVersionUID = 1L;

    private static final class Reader implements DefaultParamsReadable<HuggingFaceTextDecoder> {}

    public HuggingFaceTextDecoder() {
        this(Identifiable$.MODULE$.randomUID("HuggingFaceTextDecoder"));
    }

    public HuggingFaceTextDecoder(String uid) {
        super(uid);
    }

    public static MLReader<HuggingFaceTextDecoder> read() {
        return new Reader().read();
    }

    public static HuggingFaceTextDecoder load(String path) {
        return read().load(path);
    }

    /** The same as {@link #transform}. */
    public Dataset<Row> decode(Dataset<?> dataset) {
        return transform(dataset);
    }

    @Override
    HuggingFaceTextDecoder self() {
        return this;
    }

    @Override
    String inputType() {
        return "array<bigint> or array<int>";
    }

    @Override
    boolean accepts(DataType type) {
        return type instanceof ArrayType array
                && (array.elementType().equals(DataTypes.LongType)
                        || array.elementType().equals(DataTypes.IntegerType));
    }

    @Override
    DataType outputType() {
        return DataTypes.StringType;
    }

    @Override
    BatchWork work() {
        return HuggingFaceTextDecoder::decoded;
    }

    private static List<?> decoded(LoadedTokenizer tokenizer, List<Row> rows, int column) {
        return rows.stream()
                .map(row -> tokenizer.tokenizer().decode(ids(tokenizer, row.getList(column)), false))
                .toList();
    }

    private static int[] ids(LoadedTokenizer tokenizer, List<Number> values) {
        int[] ids = new int[values.size()];
        int size = tokenizer.tokenizer().vocabSize();
        for (int i = 0; i < ids.length; i++) {
            Number id = values.get(i);
            if (id == null || id.longValue() < 0 || id.longValue() >= size) {
                throw new UserError(
                        "Cannot decode token ids",
                        "element " + i + " of an array is " + id + " and the tokenizer has the ids 0 to " + (size - 1),
                        "Remove ids that stand for nothing, such as -100, before decoding.");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }
}
