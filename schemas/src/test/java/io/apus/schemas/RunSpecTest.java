package io.apus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.ExportSpec;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.LoraSpec;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSpecTest {
    @Test
    void aSectionReportsAllItsProblemsAtOnce() {
        InvalidSpec invalid = catchThrowableOfType(
                InvalidSpec.class, () -> new LoraSpec(0, 32.0, 1.5, "lora_only", null, null, null, null));

        assertThat(invalid.problems())
                .containsExactly(
                        "tuner.lora_rank: must be above 0, is 0",
                        "tuner.lora_dropout: must be at least 0 and below 1, is 1.5",
                        "tuner.lora_bias: \"lora_only\" is not one of none, all; did you mean \"none\"?");
    }

    @Test
    void aModelIsAFolderOrMadeNew() {
        CreateModelSpec shape = new CreateModelSpec(null, null, null, null, null, null, null, null, null, null, null);
        assertThat(catchThrowableOfType(InvalidSpec.class, () -> new ModelSpec("m", null, null, null, shape))
                        .problems())
                .containsExactly("model.model: give either a folder or model.create, not both");
        assertThat(new ModelSpec(null, null, null, null, shape).create().vocabSize())
                .isEqualTo(4096);
    }

    @Test
    void aModelMadeFromScratchIsTrainedInFull() {
        CreateModelSpec shape = new CreateModelSpec(null, null, null, null, null, null, null, null, null, null, null);
        ModelSpec model = new ModelSpec(null, null, null, null, shape);
        IngestSpec ingest = IngestSpec.of(List.of("d"));

        assertThat(catchThrowableOfType(
                                InvalidSpec.class,
                                () -> new RunSpec(
                                        null, null, null, model, ingest, null, null, null, null, null, null, null))
                        .problems())
                .containsExactly(
                        "run.tuner_type: a model made from scratch has random weights, which \"lora\" would leave as they"
                                + " are: set tuner_type full");
    }

    @Test
    void mixingNeedsAProbabilityForEachDatasetThatAddUpToOne() {
        assertThat(mixing(List.of(0.5, 0.5)).mixesAll()).isFalse();
        assertThat(catchThrowableOfType(InvalidSpec.class, () -> mixing(List.of(1.5, 0.0, -0.25)))
                        .problems())
                .containsExactly(
                        "ingest.interleave_prob: has 3 probabilities for 2 datasets",
                        "ingest.interleave_prob: every probability must be above 0, they are [1.5, 0.0, -0.25]",
                        "ingest.interleave_prob: the probabilities must add up to 1, they add up to 1.25");
    }

    private static IngestSpec mixing(List<Double> probabilities) {
        List<String> datasets = List.of("a", "b");
        return new IngestSpec(
                datasets, null, null, null, null, null, probabilities, null, null, null, null, null, null);
    }

    @Test
    void theGlobalBatchIsAtLeastSixteenRowsUnlessGiven() {
        RunSpec spec = new RunSpec(
                null,
                null,
                null,
                new ModelSpec("m", null, null, null, null),
                IngestSpec.of(List.of("d")),
                null,
                null,
                null,
                null,
                null,
                null,
                null);

        assertThat(spec.train().globalBatchSize()).isEqualTo(16);
        assertThat(spec.train().learningRateFor(spec.tuner())).isEqualTo(1e-4);
    }

    @Test
    void shardSizesAreDecimal() {
        assertThat(new ExportSpec(null, null, "500MB").maxShardBytes()).isEqualTo(500_000_000L);
        assertThat(new ExportSpec(null, null, null).maxShardBytes()).isEqualTo(5_000_000_000L);
        assertThat(catchThrowableOfType(InvalidSpec.class, () -> new ExportSpec(null, null, "5 gigs"))
                        .problems())
                .hasSize(1);
    }
}
