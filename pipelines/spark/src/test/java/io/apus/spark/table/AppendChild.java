package io.apus.spark.table;

import io.apus.schemas.table.Tables;
import io.apus.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A process that appends one row a batch to a shared table: folder, name of the writer, batches. It waits for a line before it begins. */
final class AppendChild {
    static final String READY = "READY";

    private AppendChild() {}

    public static void main(String[] args) throws IOException {
        LocalSpark.session().range(1).count();
        System.out.println(READY);
        if (System.in.read() < 0) {
            System.exit(3);
        }
        append(Path.of(args[0]), args[1], Integer.parseInt(args[2]));
        System.exit(0);
    }

    static void append(Path folder, String writer, int batches) {
        SharedTable table = new SharedTable(LocalSpark.session(), folder, Tables.REJECTS);
        for (int batch = 0; batch < batches; batch++) {
            table.append(row(writer, batch), writer, batch);
        }
    }

    private static Dataset<Row> row(String writer, int batch) {
        return LocalSpark.session()
                .sql("SELECT '" + writer + "' dataset, 0 dataset_index, " + batch + "L row, 0 copy, 's' stage,"
                        + " 'r' reason, '' detail, '' raw")
                .coalesce(1);
    }
}
