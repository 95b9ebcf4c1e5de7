package io.apus.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.apus.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages give what DJL's tokenizer gives, row by row, whatever the batches and partitions. */
class TokenizerStageTest {
    private static final List<String> TEXTS = List.of(
            "Hello world!", "the swifts fly faster.", "", "hello [SEP] THE swift", "hello world hello world hello");

    @TempDir
    static Path folder;

    private static String wordPiece;
    private static String byteLevel;

    @BeforeAll
    static void write() throws IOException {
        TinyTokenizer.wordPiece(folder.resolve("tokenizer.json"));
        wordPiece = folder.toString();
        byteLevel = TinyTokenizer.byteLevel(folder.resolve("bytes.json")).toString();
    }

    /** DJL's own tokenizer without the truncation and padding that depend on its neighbours. */
    private static HuggingFaceTokenizer direct(String file) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                folder.resolve(file), Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "true"));
    }

    private static Dataset<Row> texts(int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < TEXTS.size(); i++) {
            rows.add(RowFactory.create((long) i, TEXTS.get(i)));
        }
        rows.add(2, RowFactory.create(99L, null));
        return LocalSpark.session()
                .createDataFrame(rows, StructType.fromDDL("id BIGINT, text STRING"))
                .repartition(partitions);
    }

    private static HuggingFaceTextEncoder encoder() {
        return new HuggingFaceTextEncoder()
                .setInputCol("text")
                .setOutputCol("encoded")
                .setHfModelId(wordPiece);
    }

    @Test
    void encodesAsTheTokenizerDoes() throws IOException {
        List<Row> rows = encoder().encode(texts(2)).orderBy("id").collectAsList();
        assertThat(rows).hasSize(TEXTS.size() + 1);
        try (HuggingFaceTokenizer direct = direct("tokenizer.json")) {
            for (int i = 0; i < TEXTS.size(); i++) {
                Encoding expected = direct.encode(TEXTS.get(i));
                Row encoded = rows.get(i).getStruct(2);
                assertThat(encoded.getList(0)).isEqualTo(boxed(expected.getIds()));
                assertThat(encoded.getList(1)).isEqualTo(boxed(expected.getTypeIds()));
                assertThat(encoded.getList(2)).isEqualTo(boxed(expected.getAttentionMask()));
            }
        }
        assertThat(rows.get(0).getStruct(2).getList(1)).isEqualTo(List.of(0L, 0L, 0L, 0L, 1L));
    }

    @Test
    void tokenizesAsTheTokenizerDoes() throws IOException {
        for (String file : List.of("tokenizer.json", "bytes.json")) {
            HuggingFaceTextTokenizer stage = new HuggingFaceTextTokenizer()
                    .setInputCol("text")
                    .setOutputCol("tokens")
                    .setTokenizer(file.equals("bytes.json") ? byteLevel : wordPiece);
            List<Row> rows = stage.tokenize(texts(2)).orderBy("id").collectAsList();
            try (HuggingFaceTokenizer direct = direct(file)) {
                for (int i = 0; i < TEXTS.size(); i++) {
                    assertThat(rows.get(i).getList(2)).isEqualTo(direct.tokenize(TEXTS.get(i)));
                }
            }
        }
    }

    @Test
    void decodesAsTheTokenizerDoes() throws IOException {
        List<long[]> ids = List.of(new long[] {2, 4, 5, 11, 3}, new long[] {6, 7, 9}, new long[] {});
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.add(RowFactory.create((long) i, ids.get(i)));
        }
        Dataset<Row> frame = LocalSpark.session()
                .createDataFrame(rows, StructType.fromDDL("id BIGINT, ids ARRAY<BIGINT>"))
                .unionByName(LocalSpark.session().sql("SELECT 3L AS id, CAST(NULL AS ARRAY<BIGINT>) AS ids"));
        HuggingFaceTextDecoder stage = new HuggingFaceTextDecoder()
                .setInputCol("ids")
                .setOutputCol("text")
                .setName(wordPiece);
        List<Row> decoded = stage.decode(frame).orderBy("id").collectAsList();
        try (HuggingFaceTokenizer direct = direct("tokenizer.json")) {
            for (int i = 0; i < ids.size(); i++) {
                assertThat(decoded.get(i).getString(2)).isEqualTo(direct.decode(ids.get(i)));
            }
        }
        assertThat(decoded.get(0).getString(2)).isEqualTo("[CLS] hello world! [SEP]");
        assertThat(decoded.get(3).isNullAt(2)).isTrue();
        Dataset<Row> narrow = frame.selectExpr("id", "CAST(ids AS ARRAY<INT>) AS ids");
        assertThat(stage.decode(narrow).orderBy("id").collectAsList()).isEqualTo(decoded);
    }

    @Test
    void keepsRowsWithoutText() {
        List<Row> absent = encoder().transform(texts(1)).where("text IS NULL").collectAsList();
        assertThat(absent).hasSize(1);
        assertThat(absent.get(0).isNullAt(2)).isTrue();
    }

    @Test
    void givesTheSameWhateverTheBatchesAndPartitions() {
        List<Row> expected = encoder().transform(texts(1)).orderBy("id").collectAsList();
        for (int batch : new int[] {1, 4}) {
            for (int partitions : new int[] {1, 3}) {
                List<Row> rows = encoder()
                        .setBatchSize(batch)
                        .transform(texts(partitions))
                        .orderBy("id")
                        .collectAsList();
                assertThat(rows).isEqualTo(expected);
            }
        }
    }

    private static List<Long> boxed(long[] values) {
        return LongStream.of(Arrays.copyOf(values, values.length)).boxed().toList();
    }
}
