package io.apus.model.rope;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;

/** The known scalings, by their names under rope_type in config.json. */
public final class RopeScalings {
    private static final Registry<RopeScaling> ALL = Registry.of(
            "rope_type",
            entry("default", DefaultRope::rotation),
            entry("linear", LinearRope::rotation),
            entry("llama3", Llama3Rope::rotation),
            entry("yarn", YarnRope::rotation));

    private RopeScalings() {}

    public static Rotation rotation(RopeParameters parameters) {
        return ALL.get(parameters.type()).rotation(parameters);
    }
}
