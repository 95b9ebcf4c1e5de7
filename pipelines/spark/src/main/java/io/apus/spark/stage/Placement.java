package io.apus.spark.stage;

import io.apus.corpus.ingest.Selection;
import io.apus.schemas.data.Splits;
import io.apus.spark.source.SourceDataset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Where {@link Selection} puts the rows of one dataset, as SQL over the frame of outcomes. The positions that it decides by are those of
 * a sorted frame; only the rows at its borders are looked up there, and every row compares itself with them.
 */
final class Placement {
    private static final Column RANK = functions.col("rank");
    private static final Column ROW = functions.col("kept.row");

    private final SourceDataset dataset;
    private final Selection selection;
    private final boolean shuffle;
    private final Map<Long, Row> borders;

    private Placement(SourceDataset dataset, Selection selection, boolean shuffle, Map<Long, Row> borders) {
        this.dataset = dataset;
        this.selection = selection;
        this.shuffle = shuffle;
        this.borders = borders;
    }

    /**
     * @param kept the outcomes that were kept
     * @param shuffle whether rows have their positions by rank, else by their place in the dataset
     */
    static Placement of(SourceDataset dataset, Selection selection, Dataset<Row> kept, boolean shuffle) {
        Dataset<Row> own = kept.where(functions.col("kept.dataset_index").equalTo(dataset.index()));
        Set<Long> wanted = new TreeSet<>(List.of(
                selection.heldOut(),
                selection.heldOut() + selection.remainder(),
                selection.heldOut() + selection.tail()));
        wanted.removeIf(border -> border == 0 || border == selection.rows());
        return new Placement(dataset, selection, shuffle, rowsAt(own, shuffle, wanted));
    }

    private static Map<Long, Row> rowsAt(Dataset<Row> own, boolean shuffle, Set<Long> positions) {
        Map<Long, Row> found = new TreeMap<>();
        if (!positions.isEmpty()) {
            List<Column> order = shuffle ? List.of(RANK, ROW) : List.of(ROW);
            own.orderBy(order.toArray(Column[]::new))
                    .select(RANK, ROW)
                    .javaRDD()
                    .zipWithIndex()
                    .filter(at -> positions.contains(at._2()))
                    .collect()
                    .forEach(at -> found.put(at._2(), at._1()));
        }
        return found;
    }

    /** Whether a row stands before position {@code border} in the order. */
    private Column before(long border) {
        if (border == 0 || border == selection.rows()) {
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
                : functions.when(before(selection.heldOut()), Splits.VALIDATION).otherwise(Splits.TRAIN);
    }

    /** How often a row is used; 0 leaves it out. */
    Column copies() {
        Column copies = functions
                .lit((int) selection.whole())
                .plus(more(selection.remainder(), selection.again()))
                .plus(more(selection.tail(), 1));
        return functions.when(before(selection.heldOut()), functions.lit(1)).otherwise(copies);
    }

    private Column more(long positions, long copies) {
        return functions
                .when(before(selection.heldOut() + positions), functions.lit((int) copies))
                .otherwise(functions.lit(0));
    }

    /** Copies beyond the first of every row: they count as rows read. */
    long repeated() {
        return selection.repeated();
    }

    /** What left out the rows that are not used. */
    String reason() {
        return dataset.sample() == null
                ? "left out by interleave_prob"
                : "left out by " + dataset.name() + "#" + dataset.sample();
    }
}
