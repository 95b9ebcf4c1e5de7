package io.apus.djl;

import io.apus.schemas.UserError;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Puts vectors into the buckets of {@link Hyperplanes}, one a band. */
final class Buckets implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final StructType LAYOUT = StructType.fromDDL(
            "band INT NOT NULL, hash BIGINT NOT NULL, key STRING NOT NULL, vector ARRAY<FLOAT> NOT NULL");

    private final Hyperplanes planes;
    private transient float[][] normals;

    private Buckets(Hyperplanes planes) {
        this.planes = planes;
    }

    /**
     * One row a band of each: its number, the hash, the key, and the numbers brought to length one.
     *
     * @param keyed keys and arrays; nulls and arrays without a direction are left out
     */
    static Dataset<Row> of(Dataset<Row> keyed, Hyperplanes planes) {
        return keyed.mapPartitions(new Buckets(planes), Encoders.row(LAYOUT));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .flatMap(this::bands)
                .iterator();
    }

    private Stream<Row> bands(Row row) {
        if (row.isNullAt(1)) {
            return Stream.empty();
        }
        float[] vector = vector(row, 1);
        if (!Vectors.normalize(vector)) {
            return Stream.empty();
        }
        normals = normals == null ? planes.normals(vector.length) : normals;
        if (normals[0].length != vector.length) {
            throw new UserError(
                    "Cannot compare embeddings",
                    row.getString(0) + " has " + vector.length + " numbers and others have " + normals[0].length,
                    "Embed all rows with one model.");
        }
        return IntStream.range(0, planes.bands())
                .mapToObj(
                        band -> RowFactory.create(band, planes.hash(normals, band, vector), row.getString(0), vector));
    }

    static float[] vector(Row row, int column) {
        List<Number> values = row.getList(column);
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i) == null ? Float.NaN : values.get(i).floatValue();
        }
        return vector;
    }
}
