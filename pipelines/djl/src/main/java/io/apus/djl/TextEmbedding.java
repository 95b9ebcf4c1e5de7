package io.apus.djl;

import ai.djl.spark.task.text.TextEmbedder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Embeds a column of texts with DJL's {@link TextEmbedder}. */
public record TextEmbedding(DjlModel model, String textCol, String outputCol) {
    /**
     * All rows with one more column, {@code array<float>} of length one: the mean over the tokens of the model's first output. Null for texts
     * that are null or blank. Batches are padded, so the last bits may depend on the texts nearby.
     */
    public Dataset<Row> embed(Dataset<Row> rows) {
        String readable = outputCol + "__text";
        TextEmbedder embedder = new TextEmbedder();
        model.configure(embedder, new TextTranslators(model.maxLength()));
        embedder.setInputCol(readable);
        embedder.setOutputCol(outputCol);
        Dataset<Row> embedded = embedder.embed(rows.withColumn(readable, DjlModel.readable(textCol)));
        return embedded.withColumn(
                        outputCol, functions.when(functions.not(DjlModel.isBlank(textCol)), functions.col(outputCol)))
                .drop(readable);
    }
}
