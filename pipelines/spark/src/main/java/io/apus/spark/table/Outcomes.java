package io.apus.spark.table;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.table.Column;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What became of the rows of a stage while it runs: each row of this frame holds either {@code kept} (a row of the stage's table) or
 * {@code refused} (a row of {@code rejects}), and {@code note}, a text by which the stage compares rows, e.g. a hash.
 */
public final class Outcomes {
    private static final String ENTRIES = "array<struct<key:string,value:string>>";
    private static final String MAP = "map<string,string>";

    private Outcomes() {}

    /** The encoder of outcomes whose kept rows belong to the table {@code kept}. */
    public static Encoder<Row> encoder(TableLayout kept) {
        return Encoders.row(new StructType()
                .add("kept", unmapped(kept), true)
                .add("refused", StructType.fromDDL(Tables.REJECTS.ddl()), true)
                .add("note", DataTypes.StringType, true)
                .add("rank", DataTypes.LongType, false));
    }

    public static Row kept(Sample sample, String note, long rank) {
        return RowFactory.create(SampleRows.encode(sample), null, note, rank);
    }

    public static Row kept(TokenRow tokens) {
        return RowFactory.create(TokenRows.encode(tokens), null, null, 0L);
    }

    public static Row refused(Reject reject) {
        return RowFactory.create(null, RejectRows.encode(reject), null, 0L);
    }

    /** The kept rows as they are written. */
    public static Dataset<Row> kept(Dataset<Row> outcomes, TableLayout layout) {
        return kept(outcomes, layout, List.of());
    }

    /** The kept rows as they are written, with further columns behind them. */
    public static Dataset<Row> kept(Dataset<Row> outcomes, TableLayout layout, List<String> further) {
        return columns(outcomes.where("kept IS NOT NULL"), layout, "kept.", further);
    }

    /** The refused rows as they are written. */
    public static Dataset<Row> refused(Dataset<Row> outcomes) {
        return columns(outcomes.where("refused IS NOT NULL"), Tables.REJECTS, "refused.", List.of());
    }

    private static Dataset<Row> columns(Dataset<Row> rows, TableLayout layout, String struct, List<String> further) {
        return rows.select(Stream.concat(
                        layout.columns().stream().map(column -> written(column, struct)),
                        further.stream().map(functions::col))
                .toArray(org.apache.spark.sql.Column[]::new));
    }

    private static org.apache.spark.sql.Column written(Column column, String struct) {
        org.apache.spark.sql.Column value = functions.col(struct + column.name());
        return (column.type().equals(MAP) ? functions.map_from_entries(value) : value).as(column.name());
    }

    private static StructType unmapped(TableLayout layout) {
        return StructType.fromDDL(layout.columns().stream()
                .map(column -> "`" + column.name() + "` " + (column.type().equals(MAP) ? ENTRIES : column.type()))
                .collect(Collectors.joining(", ")));
    }
}
