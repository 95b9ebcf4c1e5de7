package io.apus.train;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plans in words such as {@code zero3 dp=4 ep=2}, as options of runs whose steps have four passes, whoever makes them. */
final class PlanWords {
    private static final int PASSES = 4;
    /** Sizes that divide the ranks of others. */
    private static final Set<String> WITHIN = Set.of("ep", "dp_shard");

    private PlanWords() {}

    static Map<String, Object> options(String plan) {
        Map<String, String> sizes = Stream.of(plan.split(" ", -1))
                .filter(size -> size.contains("="))
                .map(size -> size.split("=", -1))
                .collect(Collectors.toMap(size -> size[0], size -> size[1]));
        String zero = plan.startsWith("zero") ? plan.substring(0, plan.indexOf(' ')) : "zero0";
        int ranks = sizes.entrySet().stream()
                .filter(size -> !WITHIN.contains(size.getKey()))
                .mapToInt(size -> Integer.parseInt(size.getValue()))
                .reduce(1, (a, b) -> a * b);
        Map<String, Object> options = new HashMap<>();
        options.put("sharing", Map.of("parallel", sizes, "deepspeed", zero));
        options.put("worldSize", ranks);
        options.put("gradientAccumulationSteps", PASSES / Integer.parseInt(sizes.getOrDefault("dp", "1")));
        return options;
    }
}
