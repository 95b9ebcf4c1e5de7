package io.apus.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.train.checkpoint.Checkpoint;
import io.apus.train.loop.LoopState;

/**
 * What a checkpoint keeps beside the tensors. No generator state: order and dropout are drawn from numbers that depend on (seed, epoch)
 * and (seed, step, pass) alone.
 *
 * @param epoch epochs done, with the fraction of the current one
 * @param randomness how random numbers come from the seed
 * @param resumedFrom the checkpoint that the run was told to begin at; null for its own
 */
record KeptState(LoopState loop, double epoch, long seed, String randomness, String resumedFrom) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RANDOMNESS = "SplitMix64: order from (seed, epoch), dropout from (seed, step, pass)";

    static KeptState of(LoopState loop, double epoch, TrainTask task) {
        String from = task.train().checkpoint().resumeFromCheckpoint();
        return new KeptState(loop, epoch, task.seed(), RANDOMNESS, from);
    }

    static KeptState of(Checkpoint checkpoint) {
        try {
            return JSON.treeToValue(checkpoint.state(), KeptState.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a checkpoint of this format holds a state", e);
        }
    }

    JsonNode json() {
        return JSON.valueToTree(this);
    }
}
