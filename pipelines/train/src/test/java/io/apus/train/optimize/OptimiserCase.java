package io.apus.train.optimize;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.spec.TrainSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One optimiser as a run would choose it.
 *
 * @param name shown by tests
 * @param spec its options
 */
record OptimiserCase(String name, TrainSpec spec) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every registered name, and the methods that other options choose. */
    static List<OptimiserCase> all() {
        List<OptimiserCase> all = new ArrayList<>();
        Optimisers.names().forEach(name -> all.add(of(name, Map.of("optim", name))));
        all.add(of("sgd momentum", Map.of("optim", "sgd", "optimArgs", Map.of("momentum", "0.9", "nesterov", "true"))));
        all.add(of("muon", Map.of("optimizer", "muon")));
        all.add(galore("galore", "adamw_torch", Map.of()));
        all.add(galore("galore full", "adamw_torch_fused", Map.of("galoreProjType", "full")));
        all.add(galore(
                "galore 8bit", "adamw_8bit", Map.of("galoreProjType", "reverse_std", "galoreWithEmbedding", true)));
        all.add(galore("galore adafactor", "adafactor", Map.of("galoreProjType", "right")));
        all.add(galore("q-galore", "adamw_torch", Map.of("galoreQuantization", true, "galoreProjQuant", true)));
        all.add(galore("q-galore 8", "paged_adamw_8bit", Map.of("galoreQuantization", true, "galoreQueueSize", 1)));
        return all;
    }

    static OptimiserCase of(String name, Map<String, Object> options) {
        Map<String, Object> whole = new HashMap<>(Map.of("weightDecay", 0.1));
        whole.putAll(options);
        return new OptimiserCase(name, JSON.convertValue(whole, TrainSpec.class));
    }

    private static OptimiserCase galore(String name, String optim, Map<String, Object> options) {
        Map<String, Object> galore =
                new HashMap<>(Map.of("useGalore", true, "galoreRank", 4, "galoreUpdateProjGap", 2, "galoreScale", 0.5));
        galore.putAll(options);
        return of(name, Map.of("optim", optim, "galore", galore));
    }

    @Override
    public String toString() {
        return name;
    }
}
