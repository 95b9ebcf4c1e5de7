package io.apus.spark.stage;

import io.apus.corpus.ingest.Selection;
import io.apus.schemas.data.Splits;
import io.apus.spark.source.SourceDataset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Where {@link Selection} puts the rows of one dataset, as SQL over the frame of outcomes. The positions that it decides by are those of
 * a sorted frame; only the rows at its two borders are looked up there, and every row compares itself with them.
 */
final class Placement {
    private static final Column RANK = functions.col("rank");
    private static final Column ROW = functions.col("kept.row");

    private final SourceDataset dataset;
    private final Selection selection;
    private final Column isHeldOut;
    private final Column hasOneMore;

    private Placement(SourceDataset dataset, Selection selection, Column isHeldOut, Column hasOneMore) {
        this.dataset = dataset;
        this.selection = selection;
        this.isHeldOut = isHeldOut;
        this.hasOneMore = hasOneMore;
    }

    /**
     * @param kept the outcomes that were kept
     * @param rows how many of them belong to {@code dataset}
     */
    static Placement of(SourceDataset dataset, Dataset<Row> kept, long rows, double ratio, boolean shuffle) {
        Selection selection = Selection.of(rows, dataset.sample(), dataset.validation() ? 0 : ratio);
        Dataset<Row> own = kept.where(functions.col("kept.dataset_index").equalTo(dataset.index()));
        long first = selection.heldOut();
        long second = selection.heldOut() + selection.remainder();
        List<Column> order = shuffle ? List.of(RANK, ROW) : List.of(ROW);
        Map<Long, Row> borders = rowsAt(own, order, rows, first, second);
        return new Placement(
                dataset, selection, before(borders, first, rows, shuffle), before(borders, second, rows, shuffle));
    }

    private static Map<Long, Row> rowsAt(Dataset<Row> own, List<Column> order, long rows, long first, long second) {
        Map<Long, Row> found = new TreeMap<>();
        if ((first == 0 || first == rows) && (second == 0 || second == rows)) {
            return found;
        }
        own.orderBy(order.toArray(Column[]::new))
                .select(RANK, ROW)
                .javaRDD()
                .zipWithIndex()
                .filter(at -> at._2() == first || at._2() == second)
                .collect()
                .forEach(at -> found.put(at._2(), at._1()));
        return found;
    }

    /** Whether a row stands before position {@code border} in the order. */
    private static Column before(Map<Long, Row> borders, long border, long rows, boolean shuffle) {
        if (border == 0 || border == rows) {
            return functions.lit(border != 0);
        }
        Row at = borders.get(border);
        Column smallerRow = ROW.lt(at.getLong(1));
        return shuffle ? RANK.lt(at.getLong(0)).or(RANK.equalTo(at.getLong(0)).and(smallerRow)) : smallerRow;
    }

    Column isOwn() {
        return functions.col("kept.dataset_index").equalTo(dataset.index());
    }

    Column split() {
        return dataset.validation()
                ? functions.lit(Splits.VALIDATION)
                : functions.when(isHeldOut, Splits.VALIDATION).otherwise(Splits.TRAIN);
    }

    /** How often a row is used; 0 leaves it out. */
    Column copies() {
        Column whole = functions.lit((int) selection.whole());
        return functions
                .when(isHeldOut, functions.lit(1))
                .otherwise(functions.when(hasOneMore, whole.plus(1)).otherwise(whole));
    }

    /** Copies beyond the first of every row: they count as rows read. */
    long repeated() {
        long rest = selection.rows() - selection.heldOut();
        return selection.whole() == 0 ? 0 : rest * (selection.whole() - 1) + selection.remainder();
    }

    String name() {
        return dataset.name();
    }

    Long sample() {
        return dataset.sample();
    }
}
