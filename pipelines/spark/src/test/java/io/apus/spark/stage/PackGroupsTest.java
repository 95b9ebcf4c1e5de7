package io.apus.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.table.Tables;
import io.apus.shards.ShardReader;
import io.apus.spark.LocalSpark;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conversations of a preference pair stand next to each other in one row, however the table was cut. */
class PackGroupsTest {
    private static final int PAIRS = 40;

    @TempDir
    Path folder;

    @Test
    void pairsStayTogetherAndTheBytesDoNotDependOnPartitions() {
        List<String> hashes = new ArrayList<>();
        for (int partitions : new int[] {1, 5}) {
            Path out = folder.resolve("p" + partitions);
            ShardManifest train = Pack.run(
                            LocalSpark.phases("pack"),
                            task(null),
                            table(out.resolve("tokens"), partitions),
                            out.resolve("shards"))
                    .shards()
                    .get("train");
            assertThat(train.samples()).isEqualTo(2 * PAIRS);
            hashes.add(train.contentSha256());
            ShardReader reader = ShardReader.open(out.resolve("shards/train"));
            for (long row = 0; row < reader.rows(); row++) {
                everyPairIsWhole(reader.row(row));
            }
        }
        assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    }

    private static void everyPairIsWhole(PackedRow row) {
        for (int i = 0; i < row.sampleIds().size(); i += 2) {
            assertThat(row.sampleIds().get(i + 1)).isEqualTo(row.sampleIds().get(i) + "#rejected.1");
        }
    }

    @Test
    void rowsGrowToTheLongestPairUnlessTheirLengthIsGiven() {
        PublishedTable tokens = table(folder.resolve("tokens"), 2);

        assertThat(Pack.run(LocalSpark.phases("pack"), task(null), tokens, folder.resolve("a"))
                        .shards()
                        .get("train")
                        .maxLength())
                .isEqualTo(4 * PAIRS - 1);
        assertThatThrownBy(() -> Pack.run(LocalSpark.phases("pack"), task(16), tokens, folder.resolve("b")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the longest group of conversations has " + (4 * PAIRS - 1) + " tokens");
    }

    private static Pack.Task task(Integer packingLength) {
        return new Pack.Task(new PackSpec(true, packingLength, null, null), 16, 7, "none");
    }

    /** Pair i has 2 i + 1 and 2 i + 2 tokens. */
    private static PublishedTable table(Path path, int partitions) {
        List<TokenRow> rows = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            rows.add(conversation(pair, 0, TokenRow.Kinds.MESSAGES, 2 * pair + 1));
            rows.add(conversation(pair, 1, TokenRow.Kinds.REJECTED, 2 * pair + 2));
        }
        Collections.shuffle(rows, new Random(partitions));
        Dataset<Row> outcomes = LocalSpark.session()
                .createDataset(rows.stream().map(Outcomes::kept).toList(), Outcomes.encoder(Tables.TOKENS))
                .repartition(partitions);
        return TableWriter.write(path, Tables.TOKENS, Outcomes.kept(outcomes, Tables.TOKENS));
    }

    private static TokenRow conversation(int pair, int member, String kind, int tokens) {
        int[] ids = new int[tokens];
        java.util.Arrays.fill(ids, pair);
        return new TokenRow(new SampleKey("pairs", 0, pair, 0), "train", 0, member, kind, ids, new float[tokens]);
    }
}
