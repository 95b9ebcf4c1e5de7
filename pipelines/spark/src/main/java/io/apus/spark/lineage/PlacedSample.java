package io.apus.spark.lineage;

import io.apus.schemas.data.SampleKey;
import io.apus.spark.table.Keys;
import org.apache.spark.sql.Row;

/**
 * A row of the table {@code placement}.
 *
 * @param key the sample
 * @param split {@code train} or {@code validation}
 * @param part 0, or the piece of a split sample
 * @param shard file that holds the packed row
 * @param packedRow packed row, over the shards of the split
 * @param position place among the samples of the packed row
 * @param offset tokens of the packed row in front of it
 * @param length its tokens
 */
public record PlacedSample(
        SampleKey key, String split, int part, String shard, long packedRow, int position, int offset, int length) {
    static PlacedSample decode(Row row) {
        return new PlacedSample(
                Keys.decode(row),
                row.getString(4),
                row.getInt(5),
                row.getString(6),
                row.getLong(7),
                row.getInt(8),
                row.getInt(9),
                row.getInt(10));
    }
}
