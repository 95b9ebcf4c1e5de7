package io.apus.spark.filter;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import io.apus.schemas.table.Tables;
import io.apus.spark.LocalSpark;
import io.apus.spark.table.Outcomes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Samples as the frames that filters get, and what they refuse. */
final class SampleFrames {
    private SampleFrames() {}

    static Sample text(int dataset, long row, int copy, String content) {
        SampleKey key = new SampleKey("d" + dataset, dataset, row, copy);
        return Sample.conversation(key, Splits.TRAIN, List.of(new Message("assistant", content)));
    }

    static Dataset<Row> of(List<Sample> samples, int partitions) {
        List<Row> rows =
                samples.stream().map(sample -> Outcomes.kept(sample, null, 0)).toList();
        Dataset<Row> outcomes = LocalSpark.session()
                .createDataset(rows, Outcomes.encoder(Tables.SAMPLES))
                .repartition(partitions);
        return Outcomes.kept(outcomes, Tables.SAMPLES);
    }

    /** Detail by "dataset index:row:copy". */
    static Map<String, String> collect(Dataset<Row> refused) {
        Map<String, String> details = new TreeMap<>();
        for (Row row : refused.collectAsList()) {
            details.put(row.getInt(0) + ":" + row.getLong(1) + ":" + row.getInt(2), row.getString(3));
        }
        return details;
    }
}
