package io.apus.model.tuner.orthogonal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.OrthogonalSpec;

/**
 * OFT's options, with the meaning that PEFT gives them.
 *
 * @param blocks blocks of a layer, or 0 where {@code blockSize} says
 * @param blockSize inputs of a block, or 0 where {@code blocks} says
 * @param moduleDropout share of the blocks that do not turn in training
 * @param constrained whether the blocks stay near the identity (COFT)
 * @param epsilon how near
 * @param blockShare whether all blocks of a layer are one
 * @param neumann terms of the series that stands for Cayley's inverse, or 0 for the inverse itself
 */
record OftSettings(
        int blocks,
        int blockSize,
        double moduleDropout,
        boolean constrained,
        double epsilon,
        boolean blockShare,
        int neumann) {
    private static final double USUAL_EPSILON = 6e-5;
    private static final int USUAL_TERMS = 5;

    static OftSettings of(OrthogonalSpec spec) {
        return new OftSettings(0, spec.oftBlockSize(), 0, false, USUAL_EPSILON, false, USUAL_TERMS);
    }

    static OftSettings of(PeftConfig config) {
        int blocks = config.get("r").asInt(0);
        int size = config.get("oft_block_size").asInt(32);
        config.check(
                (blocks > 0 && size == 0) || (blocks == 0 && size > 0),
                "of r " + blocks + " and oft_block_size " + size + " one must be 0");
        config.refuseBias();
        return new OftSettings(
                blocks,
                size,
                config.get("module_dropout").asDouble(0),
                config.get("coft").asBoolean(false),
                config.get("eps").asDouble(USUAL_EPSILON),
                config.get("block_share").asBoolean(false),
                config.get("use_cayley_neumann").asBoolean(true)
                        ? config.positive("num_cayley_neumann_terms", USUAL_TERMS)
                        : 0);
    }

    /** Inputs of a block in a layer of {@code inFeatures}: where what was asked for does not divide them, the nearest divisor. */
    long sizeFor(long inFeatures) {
        return blocks == 0 ? nearestDivisor(inFeatures, blockSize) : inFeatures / nearestDivisor(inFeatures, blocks);
    }

    private static long nearestDivisor(long inFeatures, long wanted) {
        if (wanted >= inFeatures) {
            return inFeatures;
        }
        long lower = wanted;
        while (inFeatures % lower != 0) {
            lower--;
        }
        long higher = wanted;
        while (inFeatures % higher != 0) {
            higher++;
        }
        return wanted - lower <= higher - wanted ? lower : higher;
    }

    /** Adds these settings as PEFT writes them. */
    void describe(ObjectNode config) {
        config.putNull("exclude_modules").putNull("layers_pattern").putNull("layers_to_transform");
        config.put("bias", "none").put("fan_in_fan_out", false).put("init_weights", true);
        config.put("r", blocks).put("oft_block_size", blockSize).put("module_dropout", moduleDropout);
        config.put("coft", constrained).put("eps", epsilon).put("block_share", blockShare);
        config.put("use_cayley_neumann", neumann > 0);
        config.put("num_cayley_neumann_terms", neumann > 0 ? neumann : USUAL_TERMS);
    }
}
