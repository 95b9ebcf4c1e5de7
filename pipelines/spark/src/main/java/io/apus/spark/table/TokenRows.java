package io.apus.spark.table;

import io.apus.schemas.data.TokenRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Tokenised samples as rows of {@code Tables.TOKENS} and back. */
public final class TokenRows {
    private TokenRows() {}

    static Row encode(TokenRow tokens) {
        Object[] row = new Object[Keys.COLUMNS + 7];
        Keys.encode(tokens.key(), row);
        row[4] = tokens.split();
        row[5] = tokens.part();
        row[6] = tokens.member();
        row[7] = tokens.kind();
        row[8] = tokens.length();
        row[9] = boxed(tokens.inputIds());
        row[10] = boxed(tokens.lossWeights());
        return RowFactory.create(row);
    }

    public static TokenRow decode(Row row) {
        List<Integer> ids = row.getList(9);
        List<Float> weights = row.getList(10);
        int[] inputIds = new int[ids.size()];
        float[] lossWeights = new float[weights.size()];
        int at = 0;
        for (int id : ids) {
            inputIds[at++] = id;
        }
        at = 0;
        for (float weight : weights) {
            lossWeights[at++] = weight;
        }
        return new TokenRow(
                Keys.decode(row),
                row.getString(4),
                row.getInt(5),
                row.getInt(6),
                row.getString(7),
                inputIds,
                lossWeights);
    }

    /** The first rows of a table of tokens in the order of the samples. */
    public static List<TokenRow> first(PublishedTable table, SparkSession spark, int count) {
        List<Column> order = new ArrayList<>(Keys.order(""));
        order.add(functions.col("part"));
        return table.read(spark).orderBy(order.toArray(Column[]::new)).limit(count).collectAsList().stream()
                .map(TokenRows::decode)
                .toList();
    }

    private static Object[] boxed(int[] values) {
        Object[] boxed = new Object[values.length];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    private static Object[] boxed(float[] values) {
        Object[] boxed = new Object[values.length];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }
}
