package io.apus.spark.table;

import io.apus.schemas.data.SampleKey;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The four columns of a {@link SampleKey}, which begin every table of samples, rejects and tokens. */
public final class Keys {
    static final int COLUMNS = 4;

    private Keys() {}

    static void encode(SampleKey key, Object[] row) {
        row[0] = key.dataset();
        row[1] = key.datasetIndex();
        row[2] = key.row();
        row[3] = key.copy();
    }

    /** The key of a row of any of the tables. */
    public static SampleKey decode(Row row) {
        return new SampleKey(row.getString(0), row.getInt(1), row.getLong(2), row.getInt(3));
    }

    /** The columns that order samples, below {@code prefix} (empty, or the name of a struct and a full stop). */
    public static List<Column> order(String prefix) {
        return List.of(
                functions.col(prefix + "dataset_index"), functions.col(prefix + "row"), functions.col(prefix + "copy"));
    }
}
