package io.apus.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.filter.FilterChain;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.FilterSpec;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.spec.TokenizeSpec;
import io.apus.shards.ShardReader;
import io.apus.spark.LocalSpark;
import io.apus.spark.source.SourceDataset;
import io.apus.testkit.SharedReference;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real data of five shapes with a real vocabulary of 151k entries, from files to shards. */
class ReferenceDataTest {
    @TempDir
    Path folder;

    @Test
    void realDataIsAccountedForToTheLastTokenAndPacksTightly() {
        Path tokenizer = SharedReference.path("tokenizers/qwen3");
        DataRun run = new DataRun(folder);
        SourceDataset[] datasets = {
            dataset(0, "alpaca_en_demo.json", null),
            dataset(1, "gsm8k_train.jsonl", 2000L),
            dataset(2, "wiki_demo.txt", null),
            dataset(3, "dpo_en_demo.json", null),
            dataset(4, "kto_en_demo.json", null)
        };

        Ingest.Result ingested = run.ingest(
                new Ingest.Task(List.of(datasets), 42, Ingest.Order.DEFAULT, 0.01, Ingest.Mix.NONE, false, 1 << 18));
        print("ingest", ingested.accounting(), ingested.keptByDataset() + " " + ingested.keptBySplit());
        Filter.Result filtered = Filter.run(
                LocalSpark.phases("filter"),
                FilterChain.of(new FilterSpec(null)),
                ingested.written().kept(),
                folder.resolve("filter"));
        print("filter", filtered.accounting(), filtered.keptBySplit().toString());
        long start = System.nanoTime();
        Tokenize.Result tokens = Tokenize.run(
                LocalSpark.phases("tokenize"),
                new Tokenize.Task(new TokenizeSpec(null, 1024, null, null, null, null), tokenizer, null),
                filtered.written().kept(),
                folder.resolve("tokenize"));
        print("tokenize", tokens.accounting(), tokens.bySplit() + " in " + (System.nanoTime() - start) / 1e9 + " s");
        Pack.Result packed = Pack.run(
                LocalSpark.phases("pack"),
                new Pack.Task(new PackSpec(true, null, null, 200_000L), 1024, 42, tokens.tokenizerSha256()),
                tokens.written().kept(),
                folder.resolve("shards"));
        packed.shards()
                .forEach((split, shards) -> print(
                        "pack " + split,
                        packed.accounting(),
                        shards.rows() + " rows, " + shards.samples() + " samples, " + shards.tokens() + " tokens, "
                                + shards.shards().size() + " shards, fill " + shards.fill()));

        assertThat(ingested.accounting().in()).isEqualTo(ingested.accounting().kept() + 5473);
        assertThat(filtered.accounting().in()).isEqualTo(ingested.accounting().kept());
        assertThat(tokens.accounting().in()).isEqualTo(filtered.accounting().kept());
        ShardManifest train = ShardReader.open(folder.resolve("shards/train")).manifest();
        assertThat(train.tokens()).isEqualTo(tokens.bySplit().get("train").tokens());
        assertThat(train.fill()).isGreaterThan(0.98);
    }

    private static void print(String stage, Accounting accounting, String more) {
        System.out.println(stage + ": in " + accounting.in() + ", kept " + accounting.kept() + ", refused "
                + accounting.refused() + "; " + more);
    }

    private static SourceDataset dataset(int index, String name, Long sample) {
        Path path = SharedReference.path("data/" + name);
        return sample == null ? DataRun.dataset(index, path) : DataRun.sampled(index, path, sample);
    }
}
