package io.apus.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.CountVectorizer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages live in Spark ML pipelines: fitted, saved, loaded, copied, checked before they run. */
class PipelineTest {
    @TempDir
    Path folder;

    private String tokenizer;

    @BeforeEach
    void write() throws IOException {
        tokenizer = TinyTokenizer.wordPiece(folder.resolve("tokenizer.json")).toString();
    }

    private static Dataset<Row> texts() {
        return LocalSpark.session()
                .sql("SELECT * FROM VALUES (1, 'hello world'), (2, 'the swift flies'), (3, NULL) AS t(id, text)");
    }

    private HuggingFaceTextEncoder encoder() {
        return new HuggingFaceTextEncoder()
                .setInputCol("text")
                .setOutputCol("encoded")
                .setTokenizer(tokenizer);
    }

    private HuggingFaceTextDecoder decoder() {
        return new HuggingFaceTextDecoder()
                .setInputCol("ids")
                .setOutputCol("again")
                .setTokenizer(tokenizer);
    }

    @Test
    void fitsSavesAndLoadsWithAPipeline() throws IOException {
        SQLTransformer ids = new SQLTransformer().setStatement("SELECT *, encoded.ids AS ids FROM __THIS__");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {encoder(), ids, decoder()});
        PipelineModel model = pipeline.fit(texts());
        model.write().overwrite().save(folder.resolve("model").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("model").toString());
        Dataset<Row> expected = model.transform(texts()).orderBy("id");
        assertThat(loaded.transform(texts()).orderBy("id").collectAsList()).isEqualTo(expected.collectAsList());
        assertThat(expected.select("again").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("[CLS] hello world [SEP]", "[CLS] the swift flies [SEP]", null);
        assertThat(loaded.transformSchema(texts().schema())).isEqualTo(expected.schema());
    }

    @Test
    void feedsAnEstimator() {
        HuggingFaceTextTokenizer words = new HuggingFaceTextTokenizer()
                .setInputCol("text")
                .setOutputCol("tokens")
                .setHfModelId(tokenizer);
        CountVectorizer counts = new CountVectorizer().setInputCol("tokens").setOutputCol("counts");
        PipelineModel model =
                new Pipeline().setStages(new PipelineStage[] {words, counts}).fit(texts().where("text IS NOT NULL"));
        assertThat(model.transform(texts().where("text IS NOT NULL")).count()).isEqualTo(2);
    }

    @Test
    void savesLoadsAndCopiesAlone() throws IOException {
        HuggingFaceTextEncoder encoder = encoder().setBatchSize(7);
        encoder.write().overwrite().save(folder.resolve("stage").toString());
        HuggingFaceTextEncoder loaded =
                HuggingFaceTextEncoder.load(folder.resolve("stage").toString());
        assertThat(loaded.uid()).isEqualTo(encoder.uid()).startsWith("HuggingFaceTextEncoder_");
        assertThat(loaded.getBatchSize()).isEqualTo(7);
        assertThat(loaded.getHfModelId()).isEqualTo(tokenizer);
        HuggingFaceTextEncoder copy = encoder.copy(new ParamMap().put(encoder.outputCol(), "other"));
        assertThat(copy.getOutputCol()).isEqualTo("other");
        assertThat(copy.getInputCol()).isEqualTo("text");
        assertThat(copy.getBatchSize()).isEqualTo(7);
        assertThat(encoder.getOutputCol()).isEqualTo("encoded");
        assertThat(encoder.params()).hasSize(4);
    }

    @Test
    void hasTheDefaultsOfTheExtension() {
        HuggingFaceTextDecoder stage = new HuggingFaceTextDecoder();
        assertThat(stage.getBatchSize()).isEqualTo(100);
        assertThat(stage.getOutputCol()).isEqualTo(stage.uid() + "__output");
        assertThatThrownBy(() -> stage.setBatchSize(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysEverythingThatDoesNotFit() {
        StructType schema = StructType.fromDDL("text STRING, number INT, encoded STRING");
        assertThatThrownBy(() -> new HuggingFaceTextEncoder("e").transformSchema(schema))
                .isInstanceOf(UserError.class)
                .hasMessage("Cannot use e: inputCol is not set; hfModelId is not set.");
        assertThatThrownBy(() -> encoder().setInputCol("txt").transformSchema(schema))
                .hasMessageContaining("there is no input column txt, the nearest is text of text, number, encoded; "
                        + "the output column encoded is already there.");
        assertThatThrownBy(
                        () -> encoder().setInputCol("number").setOutputCol("x").transformSchema(schema))
                .hasMessageContaining("the input column number must be string but is int.");
        assertThatThrownBy(() -> decoder().setInputCol("text").transformSchema(schema))
                .hasMessageContaining("the input column text must be array<bigint> or array<int> but is string.");
        assertThatThrownBy(() -> new Pipeline()
                        .setStages(new PipelineStage[] {encoder().setInputCol("absent")})
                        .fit(texts()))
                .isInstanceOf(UserError.class);
    }

    @Test
    void fetchesNothingFromTheHub() {
        assertThatThrownBy(() -> encoder().setHfModelId("bert-base-uncased").transform(texts()))
                .isInstanceOf(UserError.class)
                .hasMessage("Cannot load the tokenizer bert-base-uncased: there is no such folder here, and a hub id "
                        + "is not fetched from the network. Give a folder with a tokenizer.json that the driver and "
                        + "every executor can read.");
        assertThatThrownBy(() -> encoder()
                        .setHfModelId(folder.resolve("no/such").toString())
                        .transform(texts()))
                .hasMessageContaining("there is no such folder with a tokenizer.json, and no such file");
    }

    @Test
    void namesAnIdThatStandsForNothing() {
        Dataset<Row> ids = LocalSpark.session().sql("SELECT array(4L, -100L) AS ids");
        assertThatThrownBy(() -> decoder().transform(ids).collectAsList())
                .hasMessageContaining("element 1 of an array is -100 and the tokenizer has the ids 0 to 13");
    }
}
