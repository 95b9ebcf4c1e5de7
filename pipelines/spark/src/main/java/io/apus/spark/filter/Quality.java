package io.apus.spark.filter;

import io.apus.corpus.filter.select.LabelledTexts;
import io.apus.corpus.filter.select.QualityFilter;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.SampleRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Applies {@link QualityFilter} by a pipeline of Spark MLlib, which is saved in the filter's folder when it is trained here. Training runs in one
 * partition over rows in a fixed order, so that its sums, and with them the model, do not depend on the cluster.
 */
record Quality(QualityFilter filter, Path folder) implements WholeSet {
    private static final StructType TEXTS =
            StructType.fromDDL("dataset STRING, dataset_index INT, row BIGINT, copy INT, text STRING");

    @Override
    public Dataset<Row> refused(Dataset<Row> passing) {
        QualityFilter quality = filter;
        MapPartitionsFunction<Row, Row> text = rows -> texts(rows, quality);
        MapPartitionsFunction<Row, Row> refuse = rows -> new Mapping<>(
                rows,
                row -> Refused.row(
                        new SampleKey(row.getString(0), row.getInt(1), row.getLong(2), row.getInt(3)),
                        quality.detail(row.getDouble(4))));
        Dataset<Row> texts = passing.mapPartitions(text, Encoders.row(TEXTS));
        return model(passing.sparkSession())
                .transform(texts)
                .withColumn(
                        "good",
                        functions
                                .vector_to_array(org.apache.spark.sql.functions.col("probability"), "float64")
                                .getItem(1))
                .where(org.apache.spark.sql.functions.col("good").lt(filter.threshold()))
                .select("dataset", "dataset_index", "row", "copy", "good")
                .mapPartitions(refuse, Refused.encoder());
    }

    private static Iterator<Row> texts(Iterator<Row> rows, QualityFilter quality) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .map(SampleRows::decode)
                .flatMap(sample -> quality.text().of(sample).map(text -> row(sample, text)).stream())
                .iterator();
    }

    private static Row row(Sample sample, String text) {
        SampleKey key = sample.key();
        return RowFactory.create(key.dataset(), key.datasetIndex(), key.row(), key.copy(), text);
    }

    private PipelineModel model(SparkSession spark) {
        if (filter.train().isEmpty()) {
            return PipelineModel.load(Path.of(filter.model()).toUri().toString());
        }
        PipelineModel model = train(spark, LabelledTexts.read(Path.of(filter.train())));
        try {
            model.write()
                    .overwrite()
                    .save(folder.resolve("quality_model").toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return model;
    }

    private PipelineModel train(SparkSession spark, List<LabelledTexts.LabelledText> labelled) {
        List<Row> rows = labelled.stream()
                .map(each -> RowFactory.create(each.text(), each.label()))
                .toList();
        Dataset<Row> table = spark.createDataFrame(rows, StructType.fromDDL("text STRING, label DOUBLE"))
                .coalesce(1);
        RegexTokenizer words =
                new RegexTokenizer().setInputCol("text").setOutputCol("words").setPattern("(?U)\\W+");
        HashingTF counts =
                new HashingTF().setInputCol("words").setOutputCol("features").setNumFeatures(filter.features());
        LogisticRegression regression = new LogisticRegression().setMaxIter(100).setRegParam(0.01);
        return new Pipeline()
                .setStages(new PipelineStage[] {words, counts, regression})
                .fit(table);
    }
}
