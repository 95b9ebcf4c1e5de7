package io.apus.model.tuner.lora;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.Set;

/** How several low-rank adapters are made one, by PEFT's names (peft 0.17, tuners/lora/model.py, add_weighted_adapter). */
public enum CombinationType {
    /** The best approximation of the weighted sum of the updates of the largest of their ranks, or of svd_rank. */
    SVD(Space.UPDATES, Pruning.NONE, false),
    /** Sums the As and the Bs, each by the root of weight x scale: cheap, and not the sum of the updates. Ranks must agree. */
    LINEAR(Space.FACTORS, Pruning.NONE, false),
    /** Lays the factors side by side: exactly the weighted sum of the updates, of the sum of their ranks. */
    CAT(Space.SIDE_BY_SIDE, Pruning.NONE, false),
    TIES(Space.FACTORS, Pruning.MAGNITUDE, true),
    TIES_SVD(Space.UPDATES, Pruning.MAGNITUDE, true),
    DARE_TIES(Space.FACTORS, Pruning.RANDOM, true),
    DARE_LINEAR(Space.FACTORS, Pruning.RANDOM, false),
    DARE_TIES_SVD(Space.UPDATES, Pruning.RANDOM, true),
    DARE_LINEAR_SVD(Space.UPDATES, Pruning.RANDOM, false),
    MAGNITUDE_PRUNE(Space.FACTORS, Pruning.MAGNITUDE, false),
    MAGNITUDE_PRUNE_SVD(Space.UPDATES, Pruning.MAGNITUDE, false);

    /** What is added up. */
    enum Space {
        /** A with A, B with B. */
        FACTORS,
        /** Neither: all stay. */
        SIDE_BY_SIDE,
        /** B A with B A. */
        UPDATES
    }

    /** Which numbers are dropped before. */
    enum Pruning {
        NONE,
        /** The smallest (TIES, Yadav et al., 2023). */
        MAGNITUDE,
        /** Any (DARE, Yu et al., 2023); those that stay grow by as much as was dropped. */
        RANDOM
    }

    private static final Registry<CombinationType> ALL = Registry.of(
            "combination_type",
            entry("svd", SVD),
            entry("linear", LINEAR),
            entry("cat", CAT),
            entry("ties", TIES),
            entry("ties_svd", TIES_SVD),
            entry("dare_ties", DARE_TIES),
            entry("dare_linear", DARE_LINEAR),
            entry("dare_ties_svd", DARE_TIES_SVD),
            entry("dare_linear_svd", DARE_LINEAR_SVD),
            entry("magnitude_prune", MAGNITUDE_PRUNE),
            entry("magnitude_prune_svd", MAGNITUDE_PRUNE_SVD));

    private final Space space;
    private final Pruning pruning;
    private final boolean electsSigns;

    CombinationType(Space space, Pruning pruning, boolean electsSigns) {
        this.space = space;
        this.pruning = pruning;
        this.electsSigns = electsSigns;
    }

    /** The type that PEFT calls {@code name}; an unknown one is a UserError. */
    public static CombinationType named(String name) {
        return ALL.get(name);
    }

    public static Set<String> names() {
        return ALL.names();
    }

    Space space() {
        return space;
    }

    Pruning pruning() {
        return pruning;
    }

    /** Whether each number keeps only what agrees with the sign that most adapters give it (TIES). */
    boolean electsSigns() {
        return electsSigns;
    }
}
