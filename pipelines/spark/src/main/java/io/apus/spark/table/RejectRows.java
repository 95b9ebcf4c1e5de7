package io.apus.spark.table;

import io.apus.schemas.data.Reject;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rejects as rows of {@code Tables.REJECTS} and back. */
public final class RejectRows {
    private RejectRows() {}

    public static Row encode(Reject reject) {
        Object[] row = new Object[Keys.COLUMNS + 4];
        Keys.encode(reject.key(), row);
        row[4] = reject.stage();
        row[5] = reject.reason();
        row[6] = reject.detail();
        row[7] = reject.raw();
        return RowFactory.create(row);
    }

    public static Reject decode(Row row) {
        return new Reject(row.getString(4), Keys.decode(row), row.getString(5), row.getString(6), row.getString(7));
    }
}
