package io.apus.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.spec.TokenizeSpec;
import io.apus.shards.ShardReader;
import io.apus.spark.LocalSpark;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TokenRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From text to shards with a vocabulary of our own: every token arrives, and partitions do not show in any byte. */
class PackedBytesTest {
    private static final int MAX_LENGTH = 96;

    @TempDir
    Path folder;

    @Test
    void shardsAreTheSameToTheByteWhateverThePartitions() throws IOException {
        Path data = data();
        Map<Integer, Map<String, String>> bytes = new TreeMap<>();
        for (int partitions : new int[] {1, 7}) {
            LocalSpark.session().conf().set("spark.sql.shuffle.partitions", partitions);
            Path out = folder.resolve("run" + partitions);
            Tokenize.Result tokens = tokens(data, out, 12_000 / partitions);
            pack(tokens, out.resolve("shards"));
            bytes.put(partitions, hashes(out));
        }
        LocalSpark.session().conf().set("spark.sql.shuffle.partitions", 2);

        assertThat(bytes.get(1)).hasSizeGreaterThan(8).containsKey("shards/train/part-00002.arrow");
        assertThat(bytes.get(7)).isEqualTo(bytes.get(1));
    }

    @Test
    void everyTokenIsInExactlyOneRowAndKeepsItsWeight() throws IOException {
        Path out = folder.resolve("run");
        Tokenize.Result tokens = tokens(data(), out, 1 << 20);
        Pack.Result packed = pack(tokens, out.resolve("shards"));

        assertThat(tokens.accounting().kept() + tokens.accounting().refused().get("over_long"))
                .isEqualTo(tokens.accounting().in());
        assertThat(packed.accounting().kept()).isEqualTo(tokens.accounting().kept());
        Map<String, TokenRow> expected = new HashMap<>();
        tokens.written().kept().read(LocalSpark.session()).collectAsList().stream()
                .map(TokenRows::decode)
                .forEach(row -> expected.put(row.split() + " " + row.key().id(), row));
        for (Map.Entry<String, ShardManifest> split : packed.shards().entrySet()) {
            ShardReader reader = ShardReader.open(out.resolve("shards").resolve(split.getKey()));
            assertThat(reader.manifest().tokens())
                    .isEqualTo(tokens.bySplit().get(split.getKey()).tokens());
            for (long row = 0; row < reader.rows(); row++) {
                take(expected, split.getKey(), reader.row(row));
            }
        }
        assertThat(expected).isEmpty();
        assertThat(packed.shards().get("train").fill()).isGreaterThan(0.9);
    }

    /** Removes the row's samples from {@code expected}, which must hold each of them with the same tokens. */
    private static void take(Map<String, TokenRow> expected, String split, PackedRow row) {
        assertThat(row.inputIds()).hasSizeLessThanOrEqualTo(MAX_LENGTH);
        int at = 0;
        for (int i = 0; i < row.segmentLengths().length; i++) {
            TokenRow sample = expected.remove(split + " " + row.sampleIds().get(i));
            int end = at + row.segmentLengths()[i];
            assertThat(java.util.Arrays.copyOfRange(row.inputIds(), at, end)).isEqualTo(sample.inputIds());
            assertThat(java.util.Arrays.copyOfRange(row.lossWeights(), at, end)).isEqualTo(sample.lossWeights());
            at = end;
        }
    }

    private Tokenize.Result tokens(Path data, Path out, long sliceBytes) {
        DataRun run = new DataRun(out);
        PublishedTable samples = run.ingest(new Ingest.Task(
                        List.of(DataRun.dataset(0, data)),
                        7,
                        Ingest.Order.DEFAULT,
                        0.1,
                        Ingest.Mix.NONE,
                        false,
                        sliceBytes))
                .written()
                .kept();
        CreateModelSpec create = new CreateModelSpec(null, 320, 16, 32, 1, 2, 1, 8, MAX_LENGTH, null, null);
        return Tokenize.run(
                LocalSpark.phases("tokenize"),
                new Tokenize.Task(new TokenizeSpec(null, null, null, null, null, null), out.resolve("model"), create),
                run.filter(samples).written().kept(),
                out.resolve("tokenize"));
    }

    private static Pack.Result pack(Tokenize.Result tokens, Path shards) {
        Pack.Task task =
                new Pack.Task(new PackSpec(true, null, null, 1_000L), tokens.maxLength(), 7, tokens.tokenizerSha256());
        return Pack.run(LocalSpark.phases("pack"), task, tokens.written().kept(), shards);
    }

    private Path data() throws IOException {
        return Files.writeString(
                folder.resolve("data.jsonl"),
                IntStream.range(0, 150)
                        .mapToObj(row -> "{\"query\": \"number " + row + "\", \"response\": \"" + "is ".repeat(row % 7)
                                + "5".repeat(row % 29 * 4) + row + "\"}\n")
                        .collect(Collectors.joining()));
    }

    private static Map<String, String> hashes(Path out) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        for (String part : List.of("shards", "model")) {
            try (Stream<Path> found = Files.walk(out.resolve(part))) {
                found.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        for (Path file : files) {
            hashes.put(out.relativize(file).toString(), io.apus.shards.Sha256.of(file));
        }
        return hashes;
    }
}
