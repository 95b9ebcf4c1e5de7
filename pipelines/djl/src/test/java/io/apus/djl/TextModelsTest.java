package io.apus.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's extension on ONNX Runtime, end to end with models of our own making. */
class TextModelsTest {
    @TempDir
    Path folder;

    private static Dataset<Row> texts() {
        return TinyModel.session()
                .sql("SELECT * FROM VALUES ('a', 'red blue'), ('b', 'green'), ('c', NULL), ('d', '  '), "
                        + "('e', 'good good bad'), ('f', 'bad red blue green') AS t(key, text)");
    }

    @Test
    void embedsTexts() throws Exception {
        TextEmbedding embedding = new TextEmbedding(TinyModel.embedder(folder.resolve("m")), "text", "embedding");
        List<Row> rows = embedding.embed(texts()).orderBy("key").collectAsList();
        assertThat(rows).hasSize(6);
        assertThat(rows.get(0).getList(2)).isEqualTo(unit(3, 4));
        assertThat(rows.get(1).getList(2)).isEqualTo(unit(5));
        assertThat(rows.get(2).isNullAt(2)).isTrue();
        assertThat(rows.get(3).isNullAt(2)).isTrue();
        assertThat(rows.get(5).getList(2)).isEqualTo(unit(2, 3, 4, 5));
    }

    private static List<Float> unit(int... tokens) {
        float[] vector = new float[TinyModel.WORDS.size()];
        for (int token : tokens) {
            vector[token] = 1;
        }
        Vectors.normalize(vector);
        List<Float> values = new ArrayList<>();
        for (float value : vector) {
            values.add(value);
        }
        return values;
    }

    @Test
    void cutsAtTheLengthOfTheModel() throws Exception {
        DjlModel model = TinyModel.embedder(folder.resolve("m"));
        DjlModel shorter = new DjlModel(model.folder(), model.engine(), 2, 1);
        List<Row> rows = new TextEmbedding(shorter, "text", "embedding")
                .embed(texts())
                .orderBy("key")
                .collectAsList();
        assertThat(rows.get(0).getList(2)).isEqualTo(unit(3));
    }

    @Test
    void marksTextsOfLowQuality() throws Exception {
        QualityByClassifier quality =
                new QualityByClassifier(TinyModel.classifier(folder.resolve("c")), "text", "good", 0.4);
        List<Row> rows = quality.mark(texts()).orderBy("key").collectAsList();
        assertThat(rows)
                .extracting(row -> row.getString(3))
                .containsExactly(null, null, "blank", "blank", null, "low_quality");
        assertThat(rows.get(0).getDouble(2)).isCloseTo(0.5, within(1e-6));
        assertThat(rows.get(4).getDouble(2)).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
        assertThat(rows.get(5).getDouble(2)).isCloseTo(1 / (1 + Math.exp(2)), within(1e-6));
        assertThat(rows.get(2).isNullAt(2)).isTrue();
    }

    @Test
    void findsDuplicatesOfItsOwnEmbeddings() throws Exception {
        Dataset<Row> rows = TinyModel.session()
                .sql(
                        "SELECT *, length(text) AS rank FROM VALUES ('a', 'red blue'), ('b', 'blue  red'), ('c', 'green'), "
                                + "('d', 'red blue good') AS t(key, text)");
        TextEmbedding embedding = new TextEmbedding(TinyModel.embedder(folder.resolve("m")), "text", "embedding");
        List<Row> marked = DuplicatesByEmbedding.usual()
                .mark(embedding.embed(rows), "key", "embedding", "rank")
                .orderBy("key")
                .select("duplicate_of")
                .collectAsList();
        assertThat(marked).extracting(row -> row.getString(0)).containsExactly("b", null, null, null);
    }

    @Test
    void refusesModelsThatCannotWork() throws Exception {
        assertThatThrownBy(() -> DjlModel.onnx(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it has no tokenizer.json");
        DjlModel model = TinyModel.classifier(folder.resolve("c"));
        assertThatThrownBy(() -> new QualityByClassifier(model, "text", "great", 0.5))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the class is great of good, bad");
    }
}
