package io.apus.spark.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.corpus.filter.duplicate.NearDuplicateFilter;
import io.apus.corpus.filter.duplicate.Shingles;
import io.apus.corpus.filter.text.Turns;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.spark.table.SampleRows;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** What the near-duplicate filter knows of each row that has words: id, dataset, rank and shingles. Copies of a row are one document. */
record Documents(NearDuplicateFilter filter) {
    private static final int ROW_BITS = 42;
    private static final JsonMapper JSON = new JsonMapper();
    private static final StructType LAYOUT = StructType.fromDDL(
            "id BIGINT NOT NULL, dataset STRING NOT NULL, rank DOUBLE NOT NULL, shingles BINARY NOT NULL");

    Dataset<Row> read(Dataset<Row> passing) {
        NearDuplicateFilter settings = filter;
        MapPartitionsFunction<Row, Row> read = rows -> documents(rows, settings);
        Dataset<Row> documents = passing.mapPartitions(read, Encoders.row(LAYOUT));
        boolean copies = !passing.where("copy > 0").select("copy").isEmpty();
        return copies ? documents.dropDuplicates("id") : documents;
    }

    /** The id as an expression over a sample's columns; ids are in the order of keys. */
    static Column id() {
        return functions
                .shiftleft(functions.col("dataset_index").cast("bigint"), ROW_BITS)
                .plus(functions.col("row"));
    }

    /** The row of an id. */
    static long row(long id) {
        return id & ((1L << ROW_BITS) - 1);
    }

    private static Iterator<Row> documents(Iterator<Row> rows, NearDuplicateFilter settings) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .map(SampleRows::decode)
                .flatMap(sample -> document(sample, settings))
                .iterator();
    }

    private static Stream<Row> document(Sample sample, NearDuplicateFilter settings) {
        long[] shingles = Shingles.of(sample, settings.ngram());
        if (shingles.length == 0) {
            return Stream.empty();
        }
        long row = sample.key().row();
        if (row >>> ROW_BITS != 0) {
            throw new IllegalStateException(sample.key().id() + " is beyond what near duplicates can number");
        }
        long id = ((long) sample.key().datasetIndex() << ROW_BITS) + row;
        return Stream.of(
                RowFactory.create(id, sample.key().dataset(), rank(sample, settings), Shingles.toBytes(shingles)));
    }

    /** The larger, the rather it stays. */
    private static double rank(Sample sample, NearDuplicateFilter settings) {
        return switch (settings.keep()) {
            case NearDuplicateFilter.LONGEST ->
                Turns.all(sample).stream()
                        .map(Message::content)
                        .mapToInt(content -> content.codePointCount(0, content.length()))
                        .sum();
            case NearDuplicateFilter.QUALITY -> number(sample.extra().get(settings.qualityColumn()));
            default -> 0;
        };
    }

    /** A sample whose column is no number comes last. */
    private static double number(String json) {
        try {
            return json == null ? Double.NEGATIVE_INFINITY : JSON.readTree(json).asDouble(Double.NEGATIVE_INFINITY);
        } catch (JsonProcessingException e) {
            return Double.NEGATIVE_INFINITY;
        }
    }
}
