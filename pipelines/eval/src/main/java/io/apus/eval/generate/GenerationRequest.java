package io.apus.eval.generate;

/**
 * A text to continue. Each request has its own settings and seed, so what it yields does not depend on the requests beside it.
 *
 * @param promptIds token ids of the prompt, at least one
 * @param settings how to continue it
 */
@SuppressWarnings("ArrayRecordComponent") // ids are handed over, never compared
public record GenerationRequest(int[] promptIds, GenerationSettings settings) {}
