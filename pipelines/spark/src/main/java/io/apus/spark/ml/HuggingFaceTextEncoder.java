package io.apus.spark.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Text to token ids: a string column to {@code struct<ids, type_ids, attention_mask>} of {@code array<bigint>}, the special tokens around a
 * text included. Takes the place of DJL's {@code HuggingFaceTextEncoder} (since DJL 0.23 {@code TextEncoder}).
 *
 * <p>Texts are neither cut nor padded: DJL's cuts at 512 tokens where the file names no length and, since 0.23, pads to the longest text of the
 * batch, so that what comes out depends on the rows nearby.
 */
public final class HuggingFaceTextEncoder extends TokenizerStage<HuggingFaceTextEncoder> {
    private static final long serialVersionUID = 1L;

    private static final class Reader implements DefaultParamsReadable<HuggingFaceTextEncoder> {}

    public HuggingFaceTextEncoder() {
        this(Identifiable$.MODULE$.randomUID("HuggingFaceTextEncoder"));
    }

    public HuggingFaceTextEncoder(String uid) {
        super(uid);
    }

    public static MLReader<HuggingFaceTextEncoder> read() {
        return new Reader().read();
    }

    public static HuggingFaceTextEncoder load(String path) {
        return read().load(path);
    }

    /** The same as {@link #transform}. */
    public Dataset<Row> encode(Dataset<?> dataset) {
        return transform(dataset);
    }

    @Override
    HuggingFaceTextEncoder self() {
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
        DataType longs = DataTypes.createArrayType(DataTypes.LongType);
        return new StructType().add("ids", longs).add("type_ids", longs).add("attention_mask", longs);
    }

    @Override
    BatchWork work() {
        return HuggingFaceTextEncoder::encoded;
    }

    private static List<?> encoded(LoadedTokenizer tokenizer, List<Row> rows, int column) {
        return Encodings.of(tokenizer, rows, column).stream()
                .map(ids -> encoded(tokenizer, ids))
                .toList();
    }

    private static Row encoded(LoadedTokenizer tokenizer, int[] ids) {
        long[] framed = widened(tokenizer.frame().ids(ids));
        long[] mask = new long[framed.length];
        Arrays.fill(mask, 1);
        return RowFactory.create(framed, widened(tokenizer.frame().typeIds(ids.length)), mask);
    }

    private static long[] widened(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
