package io.apus.model.tuner.lora;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How to combine adapters, with PEFT's options (add_weighted_adapter).
 *
 * @param density share of the numbers that pruning types keep, above 0 and at most 1; null for the others
 * @param majoritySignMethod {@code total}: the sign of a number's sum over the adapters counts; {@code frequency}: the sign that most
 *     of them give it. null is {@code total}
 * @param svdRank rank of the result of svd types; null is the largest among the adapters
 * @param svdClamp quantile of the factors of svd types beyond which their numbers are cut; null cuts none
 * @param seed decides what random pruning drops
 */
public record Combination(
        CombinationType type, Double density, String majoritySignMethod, Integer svdRank, Double svdClamp, long seed) {
    private static final String TOTAL = "total";
    private static final String FREQUENCY = "frequency";

    /** @throws UserError with everything that is wrong, and every option that the type does not read */
    public Combination {
        boolean svd = type.space() == CombinationType.Space.UPDATES;
        boolean prunes = type.pruning() != CombinationType.Pruning.NONE;
        List<String> problems = new ArrayList<>();
        if (prunes && density == null) {
            problems.add("density is missing");
        }
        if (density != null && !(density > 0 && density <= 1)) {
            problems.add("density is " + density + ", not above 0 and at most 1");
        }
        if (svdRank != null && svdRank < 1) {
            problems.add("svd_rank is " + svdRank);
        }
        if (svdClamp != null && !(svdClamp > 0 && svdClamp <= 1)) {
            problems.add("svd_clamp is " + svdClamp + ", not above 0 and at most 1");
        }
        if (majoritySignMethod != null && !List.of(TOTAL, FREQUENCY).contains(majoritySignMethod)) {
            problems.add("majority_sign_method is \"" + majoritySignMethod + "\", not total or frequency");
        }
        unread(problems, "density", density, prunes);
        unread(problems, "majority_sign_method", majoritySignMethod, type.electsSigns());
        unread(problems, "svd_rank", svdRank, svd);
        unread(problems, "svd_clamp", svdClamp, svd);
        if (!problems.isEmpty()) {
            throw new UserError(
                    "Cannot combine adapters by " + type.name().toLowerCase(Locale.ROOT),
                    String.join("; ", problems),
                    "");
        }
        majoritySignMethod = majoritySignMethod == null ? TOTAL : majoritySignMethod;
    }

    /** A type that needs no options. */
    public static Combination of(CombinationType type) {
        return new Combination(type, null, null, null, null, 0);
    }

    private static void unread(List<String> problems, String option, Object value, boolean read) {
        if (value != null && !read) {
            problems.add(option + " has no meaning for it");
        }
    }

    boolean byTotal() {
        return majoritySignMethod.equals(TOTAL);
    }
}
