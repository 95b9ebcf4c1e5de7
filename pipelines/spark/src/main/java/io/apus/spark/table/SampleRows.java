package io.apus.spark.table;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Samples as rows of {@code Tables.SAMPLES} and back.
 *
 * <p>Encoded rows hold maps as arrays of entries in the order of their keys ({@link Outcomes} turns them into maps), which needs no
 * class of Scala's collections.
 */
public final class SampleRows {
    private SampleRows() {}

    /** The columns of {@code Tables.SAMPLES}, maps as arrays of (key, value). */
    static Row encode(Sample sample) {
        Object[] row = new Object[Keys.COLUMNS + 11];
        Keys.encode(sample.key(), row);
        row[4] = sample.split();
        row[5] = turns(sample.messages());
        row[6] = sample.rejectedMessages() == null ? null : turns(sample.rejectedMessages());
        row[7] = groups(sample.positiveMessages());
        row[8] = groups(sample.negativeMessages());
        row[9] = sample.label();
        row[10] = sample.margin();
        row[11] = sample.tools();
        row[12] = entries(sample.media());
        row[13] = sample.channel();
        row[14] = entries(sample.extra());
        return RowFactory.create(row);
    }

    /** A row read from {@code samples} or {@code clean}. */
    public static Sample decode(Row row) {
        return new Sample(
                Keys.decode(row),
                row.getString(4),
                messages(row.<Row>getList(5)),
                row.isNullAt(6) ? null : messages(row.<Row>getList(6)),
                groups(row, 7),
                groups(row, 8),
                row.getString(9),
                row.isNullAt(10) ? null : row.getDouble(10),
                row.getString(11),
                row.getJavaMap(12),
                row.getString(13),
                row.getJavaMap(14));
    }

    private static Object[] turns(List<Message> messages) {
        Object[] rows = new Object[messages.size()];
        for (int i = 0; i < rows.length; i++) {
            Message message = messages.get(i);
            rows[i] = RowFactory.create(message.role(), message.content(), message.loss(), message.lossScale());
        }
        return rows;
    }

    private static List<Message> messages(List<Row> rows) {
        List<Message> messages = new ArrayList<>(rows.size());
        for (Row row : rows) {
            messages.add(new Message(
                    row.getString(0),
                    row.getString(1),
                    row.isNullAt(2) ? null : row.getBoolean(2),
                    row.isNullAt(3) ? null : row.getDouble(3)));
        }
        return messages;
    }

    private static Object[] groups(List<List<Message>> groups) {
        Object[] rows = new Object[groups.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = turns(groups.get(i));
        }
        return rows;
    }

    /** The inner lists come as Scala's; a row of one column gives them as Java's. */
    private static List<List<Message>> groups(Row row, int column) {
        List<List<Message>> groups = new ArrayList<>();
        for (Object group : row.getList(column)) {
            groups.add(messages(RowFactory.create(group).<Row>getList(0)));
        }
        return groups;
    }

    private static Object[] entries(Map<String, String> map) {
        List<Row> rows = new ArrayList<>();
        new TreeMap<>(map).forEach((key, value) -> rows.add(RowFactory.create(key, value)));
        return rows.toArray();
    }
}
