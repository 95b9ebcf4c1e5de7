package io.apus.spark.ml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of a partition with one more column, worked out batch by batch; a row without input has a null there. */
final class RowBatches implements Iterator<Row> {
    /**
     * What an executor needs to do the work of a stage.
     *
     * @param tokenizer folder of a tokenizer or its file
     * @param column index of the input column
     * @param size rows of a batch
     */
    record Task(BatchWork work, String tokenizer, int column, int size) implements java.io.Serializable {
        Iterator<Row> over(Iterator<Row> rows) {
            return new RowBatches(rows, this, LoadedTokenizer.load(tokenizer));
        }
    }

    private final Iterator<Row> rows;
    private final Task task;
    private final LoadedTokenizer tokenizer;
    private final Deque<Row> ready = new ArrayDeque<>();

    private RowBatches(Iterator<Row> rows, Task task, LoadedTokenizer tokenizer) {
        this.rows = rows;
        this.task = task;
        this.tokenizer = tokenizer;
    }

    @Override
    public boolean hasNext() {
        if (ready.isEmpty() && rows.hasNext()) {
            fill();
        }
        return !ready.isEmpty();
    }

    private void fill() {
        List<Row> batch = new ArrayList<>();
        while (batch.size() < task.size() && rows.hasNext()) {
            batch.add(rows.next());
        }
        List<Row> present =
                batch.stream().filter(row -> !row.isNullAt(task.column())).toList();
        Iterator<?> outputs =
                task.work().apply(tokenizer, present, task.column()).iterator();
        for (Row row : batch) {
            ready.add(with(row, row.isNullAt(task.column()) ? null : outputs.next()));
        }
    }

    private static Row with(Row row, Object output) {
        Object[] values = new Object[row.length() + 1];
        for (int i = 0; i < row.length(); i++) {
            values[i] = row.get(i);
        }
        values[row.length()] = output;
        return RowFactory.create(values);
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }
}
