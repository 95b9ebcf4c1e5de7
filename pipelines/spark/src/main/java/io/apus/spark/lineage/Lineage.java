package io.apus.spark.lineage;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Splits;
import io.apus.spark.table.Keys;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.RejectRows;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Follows the rows of a run's datasets to the packed rows that hold them, or to the reason why none does. */
public final class Lineage {
    private static final Column[] ORDER = Keys.order("").toArray(Column[]::new);

    private final Dataset<Row> placement;
    private final Dataset<Row> rejects;

    /**
     * @param placement where the samples are
     * @param rejects what the stages refused, in the order of the stages
     */
    public Lineage(SparkSession spark, PublishedTable placement, List<PublishedTable> rejects) {
        this.placement = placement.read(spark);
        this.rejects = rejects.stream()
                .map(table -> table.read(spark))
                .reduce(Dataset::unionByName)
                .orElseThrow(() -> new IllegalArgumentException("no stage has rejects"));
    }

    /** Every dataset's rows, in the order of the run. */
    public List<DatasetAccount> accounts() {
        Accounts accounts = new Accounts();
        placement
                .select("dataset_index", "dataset", "split", "row", "copy")
                .distinct()
                .groupBy("dataset_index", "dataset", "split")
                .count()
                .collectAsList()
                .forEach(row -> accounts.place(row.getInt(0), row.getString(1), row.getString(2), row.getLong(3)));
        rejects.groupBy("dataset_index", "dataset", "stage", "reason")
                .count()
                .collectAsList()
                .forEach(row -> accounts.refuse(
                        row.getInt(0), row.getString(1), row.getString(2) + " " + row.getString(3), row.getLong(4)));
        return accounts.list();
    }

    /** The first {@code limit} samples of {@code choice} in the order of the packed rows. */
    public List<PlacedSample> placed(Choice choice, int limit) {
        return choice.of(placement).orderBy("split", "packed_row", "position").limit(limit).collectAsList().stream()
                .map(PlacedSample::decode)
                .toList();
    }

    /** The first {@code limit} refused rows of {@code choice} in the order of their keys. */
    public List<Reject> refused(Choice choice, int limit) {
        return choice.of(rejects).orderBy(ORDER).limit(limit).collectAsList().stream()
                .map(RejectRows::decode)
                .toList();
    }

    /**
     * Which rows are asked for; what is null does not matter.
     *
     * @param dataset a dataset by name
     * @param row row of the dataset
     * @param packedRow a packed row of either split; it chooses among placed samples only
     * @param reason a reason code; it chooses among refused rows only
     */
    public record Choice(String dataset, Long row, Long packedRow, String reason) {
        Dataset<Row> of(Dataset<Row> table) {
            Dataset<Row> chosen = table;
            chosen = where(chosen, "dataset", dataset);
            chosen = where(chosen, "row", row);
            chosen = where(chosen, "packed_row", packedRow);
            return where(chosen, "reason", reason);
        }

        private static Dataset<Row> where(Dataset<Row> rows, String column, Object value) {
            return value == null || !List.of(rows.columns()).contains(column)
                    ? rows
                    : rows.where(functions.col(column).equalTo(value));
        }
    }

    /** Adds counts up by dataset. */
    private static final class Accounts {
        private final TreeMap<Integer, DatasetAccount> byIndex = new TreeMap<>();

        void place(int index, String dataset, String split, long rows) {
            DatasetAccount before = account(index, dataset);
            boolean train = split.equals(Splits.TRAIN);
            byIndex.put(
                    index,
                    new DatasetAccount(
                            index,
                            dataset,
                            before.train() + (train ? rows : 0),
                            before.validation() + (train ? 0 : rows),
                            before.refused()));
        }

        void refuse(int index, String dataset, String reason, long rows) {
            account(index, dataset).refused().merge(reason, rows, Long::sum);
        }

        private DatasetAccount account(int index, String dataset) {
            return byIndex.computeIfAbsent(index, key -> new DatasetAccount(key, dataset, 0, 0, new TreeMap<>()));
        }

        List<DatasetAccount> list() {
            return new ArrayList<>(byIndex.values());
        }
    }
}
