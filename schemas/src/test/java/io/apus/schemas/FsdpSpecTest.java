package io.apus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.apus.schemas.spec.FsdpSpec;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.ParallelSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FsdpSpecTest {
    @Test
    void everyStrategyIsAStageOfZero() {
        assertThat(plan("fsdp2", Map.of())).isEqualTo(spread(3, false));
        assertThat(plan("full_shard auto_wrap", Map.of())).isEqualTo(spread(3, false));
        assertThat(plan("full_shard auto_wrap offload", Map.of()))
                .isEqualTo(new ParallelPlan(4, 1, 1, 1, 1, 3, true, true));
        assertThat(plan("shard_grad_op", Map.of())).isEqualTo(spread(2, false));
        assertThat(plan("no_shard", Map.of())).isEqualTo(spread(0, false));
    }

    @Test
    void hybridsAreSpreadOverAHostOrAsManyRanksAsAreGiven() {
        assertThat(plan("hybrid_shard auto_wrap", Map.of()))
                .isEqualTo(new ParallelPlan(4, 1, 1, 1, 1, 0, 3, false, false));
        assertThat(plan("hybrid_shard_zero2", Map.of())).isEqualTo(new ParallelPlan(4, 1, 1, 1, 1, 0, 2, false, false));
        assertThat(new ParallelSpec(
                                Map.of("dp_shard", "2"),
                                null,
                                new FsdpSpec("hybrid_shard", null),
                                null,
                                null,
                                null,
                                null)
                        .plan(4)
                        .dpShard())
                .isEqualTo(2);
        assertThat(plan("full_shard", Map.of()).dpShard()).isEqualTo(4);
    }

    @Test
    void theKeysOfTheConfigThatChooseAreFollowed() {
        assertThat(plan("full_shard", Map.of("reshard_after_forward", "false"))).isEqualTo(spread(2, false));
        assertThat(plan("shard_grad_op", Map.of("fsdp_offload_params", "True"))).isEqualTo(spread(2, true));
        assertThat(plan(
                        "full_shard",
                        Map.of("_note", "a remark", "fsdp_version", "2", "state_dict_type", "SHARDED_STATE_DICT")))
                .isEqualTo(spread(3, false));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(problems("full_shard no_shard", Map.of()))
                .containsExactly(
                        "train.fsdp: needs exactly one of fsdp2, full_shard, shard_grad_op, hybrid_shard, hybrid_shard_zero2, no_shard, is \"full_shard no_shard\"");
        assertThat(problems("full_shard", Map.of("state_dict_type", "FULL_STATE_DICT")))
                .containsExactly(
                        "train.fsdp_config: state_dict_type can be sharded_state_dict here, is full_state_dict");
        assertThat(problems("full_shard", Map.of("min_num_params", "1000"))).hasSize(1);
        assertThat(problems("no_shard offload", Map.of("reshard_after_forward", "false")))
                .containsExactly(
                        "train.fsdp: no_shard spreads nothing that could be offloaded",
                        "train.fsdp_config: reshard_after_forward is about weights that are spread, and no_shard spreads none");
        assertThat(problems("shard_grad_op", Map.of("fsdp_reshard_after_forward", "true")))
                .containsExactly(
                        "train.fsdp_config: reshard_after_forward true is full_shard, and fsdp says shard_grad_op");
        assertThat(problems(null, Map.of("activation_checkpointing", "true")))
                .containsExactly("train.fsdp_config: is about fsdp, which is not given");
        assertThat(catchThrowableOfType(
                                InvalidSpec.class,
                                () -> new ParallelSpec(
                                        null, "zero2", new FsdpSpec("fsdp2", null), null, null, null, null))
                        .problems())
                .containsExactly(
                        "train.fsdp: and deepspeed zero2 both say what replicas keep a part of; give one of them");
    }

    private static ParallelPlan spread(int stage, boolean offload) {
        return new ParallelPlan(4, 1, 1, 1, 1, stage, offload, false);
    }

    private static ParallelPlan plan(String fsdp, Map<String, String> config) {
        return new ParallelSpec(null, null, new FsdpSpec(fsdp, config), null, null, null, null).plan(4);
    }

    private static List<String> problems(String fsdp, Map<String, String> config) {
        return catchThrowableOfType(InvalidSpec.class, () -> new FsdpSpec(fsdp, config))
                .problems();
    }
}
