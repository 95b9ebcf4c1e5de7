package io.apus.model.rope;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.Set;

/** The known scalings, by their names under rope_type in config.json. */
public final class RopeScalings {
    private static final Registry<RopeScaling> ALL = Registry.of(
            "rope_type",
            entry("default", (parameters, length) -> DefaultRope.rotation(parameters)),
            entry("linear", (parameters, length) -> LinearRope.rotation(parameters)),
            entry("dynamic", DynamicRope::rotation),
            entry("llama3", (parameters, length) -> Llama3Rope.rotation(parameters)),
            entry("longrope", LongRope::rotation),
            entry("su", LongRope::rotation),
            entry("yarn", (parameters, length) -> YarnRope.rotation(parameters)));

    private static final Set<String> BY_LENGTH = Set.of("dynamic", "longrope", "su");

    private RopeScalings() {}

    /** The rotation of a text of {@code length} tokens. */
    public static Rotation rotation(RopeParameters parameters, long length) {
        return ALL.get(parameters.type()).rotation(parameters, length);
    }

    /** Whether texts of different length are rotated differently. */
    public static boolean dependsOnLength(RopeParameters parameters) {
        return BY_LENGTH.contains(parameters.type());
    }
}
