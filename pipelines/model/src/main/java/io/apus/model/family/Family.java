package io.apus.model.family;

import java.util.function.Predicate;

/**
 * What distinguishes one family of decoders from the others; everything else is shared.
 *
 * @param queryKeyValueBias whether q_proj, k_proj and v_proj have a bias
 * @param outputBias whether o_proj has a bias
 * @param mlpBias whether gate_proj, up_proj and down_proj have a bias
 * @param queryKeyNorm whether queries and keys are RMS-normalised per head before the rotation
 * @param defaultHeadDim size of a head where config.json gives none; 0 for hidden_size / num_attention_heads
 * @param windows which layers see a sliding window only
 * @param weights what the parameters are called in files
 */
public record Family(
        Predicate<ConfigFields> queryKeyValueBias,
        Predicate<ConfigFields> outputBias,
        Predicate<ConfigFields> mlpBias,
        boolean queryKeyNorm,
        int defaultHeadDim,
        WindowRule windows,
        WeightMap weights) {

    /** The sliding window of one layer. */
    public interface WindowRule {
        /** How many tokens, the query's own included, layer {@code layer} sees; 0 for all. */
        int window(ConfigFields fields, int layer);

        /** No layer has a window. */
        static WindowRule none() {
            return (fields, layer) -> 0;
        }
    }

    static Predicate<ConfigFields> always(boolean value) {
        return fields -> value;
    }

    static Predicate<ConfigFields> flag(String key) {
        return fields -> fields.flag(key, false);
    }
}
