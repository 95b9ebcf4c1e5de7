package io.apus.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.ModelConfig;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans that cannot be carried out are refused with the numbers, from the config alone. */
class SharingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static void check(String family, int tp, int ep, Map<String, Object> train, Map<String, Object> tuner) {
        Map<String, Object> options = new HashMap<>(train);
        options.put("saveStrategy", "no");
        new Sharing(
                        new ParallelPlan(ep, tp, 1, 1, ep, 0, false, false),
                        JSON.convertValue(options, TrainSpec.class),
                        JSON.convertValue(tuner, TunerSpec.class),
                        QuantiseSpec.none())
                .check(ModelConfig.read(Path.of("../model/src/test/resources/golden", family)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama | 3 | 1 | tp 3: model.layers.0.self_attn: 4 query heads cannot be shared by 3 ranks",
                "llama | 8 | 1 | 4 query heads cannot be shared by 8 ranks",
                "llama | 128 | 1 | tp 128: a vocabulary of 96 tokens cannot be shared by 128 ranks",
                "deepseek_v2_lite | 3 | 1 | model.layers.0.self_attn: 4 heads cannot be shared by 3 ranks",
                "qwen3_next | 4 | 1 | 2 key heads cannot be shared by 4 ranks",
                "gpt_oss | 2 | 2 | tp 2, ep 2: the experts lie in one tensor, which is cut by experts or inside each of them",
                "gpt_oss | 5 | 1 | of its experts, intermediate size 48 cannot be shared by 5 ranks",
                "mixtral | 1 | 3 | ep 3: 4 experts cannot be shared by 3 ranks",
                "llama | 1 | 2 | ep 2: the model has no experts",
            })
    void whatDoesNotDivideIsRefused(String family, int tp, int ep, String said) {
        assertThatThrownBy(() -> check(family, tp, ep, Map.of(), Map.of("tunerType", "full")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(said);
    }

    @Test
    void whatNeedsWholeMatricesIsRefused() {
        requireRefused("llama", new ParallelPlan(2, 2, 1, 1, 1, 1, false, false), "tp 2: with deepspeed zero1");
        requireRefused("gpt_oss", new ParallelPlan(2, 1, 1, 1, 2, 1, false, false), "ep 2: with deepspeed zero1");
    }

    private static void requireRefused(String family, ParallelPlan plan, String said) {
        Map<String, Object> options =
                Map.of("saveStrategy", "no", "optim", "adafactor", "sharing", Map.of("deepspeed", "zero1"));
        Sharing sharing = new Sharing(
                plan, JSON.convertValue(options, TrainSpec.class), TunerSpec.of("lora"), QuantiseSpec.none());
        assertThatThrownBy(() -> sharing.check(ModelConfig.read(Path.of("../model/src/test/resources/golden", family))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(said + " no rank is given whole matrices");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bnb | 4 | | 10 linears such as model.layers.0.self_attn.q_proj stay whole on every rank of tp: as bnb nf4, double quantisation, 32 inputs by 1 ranks are no whole blocks of 64",
                "hqq | 4 | 0 | 14 linears such as model.layers.0.self_attn.q_proj stay whole on every rank of tp: hqq 4 bits takes numbers of several rows together",
                "fp8 | 8 | | 32 inputs by 1 ranks are no whole blocks of 128",
            })
    void blocksThatWouldBeTornApartStayWhole(String method, int bits, Integer axis, String said) {
        Map<String, Object> options = new HashMap<>(Map.of("quantMethod", method, "quantBits", bits));
        options.put("hqqAxis", axis);
        assertThat(whole("lora", options)).anySatisfy(line -> assertThat(line).contains(said));
        assertThat(whole("lora", Map.of("quantMethod", "eetq", "quantBits", 8))).isEmpty();
        assertThat(whole("oft", Map.of()))
                .containsExactly("4 linears such as model.layers.0.self_attn.o_proj stay whole on every rank of tp:"
                        + " what is attached looks at all its inputs (5,120 parameters in all)");
    }

    private static List<String> whole(String tuner, Map<String, Object> options) {
        return whole("llama", 2, tuner, options);
    }

    @Test
    void oneMatrixOfAllHeadsStaysWholeWhereRanksNeedTheSameKeys() {
        String why = " stay whole on every rank of tp: ranks need the same keys and values of it (";
        assertThat(whole("falcon_7b", 2, "lora", Map.of()))
                .containsExactly("2 linears such as transformer.h.0.self_attention.query_key_value" + why
                        + "3,072 parameters in all)");
        assertThat(whole("phi3", 4, "lora", Map.of()))
                .containsExactly(
                        "2 linears such as model.layers.0.self_attn.qkv_proj" + why + "4,096 parameters in all)");
        assertThat(whole("phi3", 2, "lora", Map.of())).isEmpty();
    }

    private static List<String> whole(String family, int ranks, String tuner, Map<String, Object> options) {
        ModelConfig config = ModelConfig.read(Path.of("../model/src/test/resources/golden", family));
        Sharing sharing = new Sharing(
                new ParallelPlan(1, ranks, 1, 1, 1, 0, false, false),
                JSON.convertValue(Map.of("saveStrategy", "no"), TrainSpec.class),
                TunerSpec.of(tuner),
                JSON.convertValue(options, QuantiseSpec.class));
        sharing.check(config);
        return sharing.whole(config).lines(config);
    }

    @Test
    void stagesWithoutABlockAreRefusedWithTheArithmetic() {
        Sharing sharing = new Sharing(
                new ParallelPlan(1, 1, 3, 1, 1, 0, false, false),
                JSON.convertValue(Map.of("saveStrategy", "no"), TrainSpec.class),
                TunerSpec.of("full"),
                QuantiseSpec.none());

        assertThatThrownBy(
                        () -> sharing.check(ModelConfig.read(Path.of("../model/src/test/resources/golden", "llama"))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("pp 3: the model has 2 blocks, and each of 3 stages needs one");
    }

    @Test
    void theRestIsNot() {
        assertThatCode(() -> {
                    check("llama", 4, 1, Map.of(), Map.of("tunerType", "lora"));
                    check("mixtral", 2, 2, Map.of(), Map.of("tunerType", "full"));
                    check("deepseek_v3", 1, 2, Map.of(), Map.of("tunerType", "full"));
                })
                .doesNotThrowAnyException();
    }
}
